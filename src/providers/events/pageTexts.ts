import type { PageTextKey } from '../../events/page-text-keys.ts';

/**
 * Every text that the event page shows, by the name the page knows it under. `{0}` and so on are filled in by the page. Sent once, so that the
 * page needs no translation of its own. `t` is l10n's.
 */
export function pageTexts(t: (message: string) => string): Readonly<Record<PageTextKey, string>> {
  return {
    'grid': t('Events'), 'level': t('Level'), 'time': t('Time'), 'server': t('Server'), 'log': t('Log'), 'id': t('Event ID'), 'provider': t('Source'),
    'phase': t('Phase'), 'recordId': t('Record'), 'message': t('Message'),
    'level.0': t('Audit'), 'level.1': t('Critical'), 'level.2': t('Error'), 'level.3': t('Warning'), 'level.4': t('Information'), 'level.5': t('Verbose'),
    'level.other': t('Level {0}'), 'levels': t('Levels'), 'chip': t('{0}, {1} events'),
    'loading': t('Loading…'), 'unformatted': t('Windows could not format this event; these are its values.'), 'noMessage': t('(no message)'),
    'known.good': t('good news for the repair'), 'known.bad': t('bad news for the repair'), 'bookmarked': t('bookmarked'),
    'search': t('Search events'), 'search.placeholder': t('Search message, values, source, ID'), 'search.regex': t('Use regular expression'), 'search.case': t('Match case'),
    'search.only': t('Show only matches'), 'search.next': t('Next match'), 'search.previous': t('Previous match'), 'search.none': t('No matches'),
    'search.count': t('{0} of {1} matches'), 'search.total': t('{0} matches'), 'search.invalid': t('This is no regular expression: {0}'), 'search.busy': t('Searching…'),
    'toolbar': t('View'), 'preset': t('Preset'), 'preset.choose': t('Presets…'), 'follow': t('Follow'), 'follow.on': t('Following new events'), 'follow.off': t('Not following'),
    'follow.pending': t('{0} new events'), 'follow.paused': t('Follow is paused while you look at older events.'),
    'clock': t('Times shown in'), 'clock.local': t('Local time'), 'clock.server': t('Server time'), 'clock.utc': t('UTC'), 'clock.unknown': t('The time zone of {0} is not known: shown in UTC.'),
    'columns': t('Columns'), 'fields': t('Fields'), 'more': t('More'), 'filters': t('Saved Filters'), 'filters.save': t('Save Filter…'), 'filters.name': t('Name of the filter'), 'filters.none': t('No filters are saved in this workspace.'),
    'filters.remove': t('Remove {0}'), 'filters.shared': t('shared in the workspace'), 'save': t('Save'), 'cancel': t('Cancel'),
    'export.csv': t('Export as CSV…'), 'export.jsonl': t('Export as JSON Lines…'), 'export.query': t('Export as PowerShell Query…'), 'export.done': t('{0} events exported'),
    'range': t('Time range'), 'range.from': t('From'), 'range.to': t('To'), 'range.clear': t('Clear Time Range'), 'range.reversed': t('The time range ends before it begins.'),
    'histogram': t('Events over time'), 'histogram.hint': t('Drag to choose a time range, or move the handles with the arrow keys and press Enter.'), 'histogram.from': t('Start of the time range'), 'histogram.to': t('End of the time range'),
    'histogram.bar': t('{0}: {1} events'), 'histogram.empty': t('Nothing to show over time.'),
    'facet.include': t('Only {0}'), 'facet.exclude': t('Without {0}'), 'facet.hint': t('Click to show only this value, Alt+click or Shift+click to leave it out.'), 'facet.others': t('{0} more values'),
    'filter': t('Filter'), 'filter.is': t('{0}: {1}'), 'filter.not': t('not {0}: {1}'), 'filter.drop': t('Remove filter {0}'), 'filter.clear': t('Clear Filter'), 'filter.bookmarks': t('Only Bookmarks'), 'filter.only': t('only {0} chosen events'),
    'filter.back': t('Back to Earlier Filter'), 'values.more': t('{0} and {1} more'),
    'menu.row': t('Event'), 'menu.column': t('Column'), 'menu.explain': t('Show Details'), 'menu.include': t('Show Only {0}'), 'menu.exclude': t('Leave Out {0}'), 'menu.copyCell': t('Copy Cell'), 'menu.copyText': t('Copy as Text'),
    'menu.copyJson': t('Copy as JSON'), 'menu.copyXml': t('Copy as XML'), 'menu.copyQuery': t('Copy PowerShell Query'), 'menu.around': t('Events Within {0} Seconds'), 'menu.bookmark': t('Add Bookmark'), 'menu.unbookmark': t('Remove Bookmark'),
    'menu.from': t('From Here On'), 'menu.to': t('Up to Here'), 'menu.sortUp': t('Sort Ascending'), 'menu.sortDown': t('Sort Descending'), 'menu.hide': t('Hide Column'), 'menu.wider': t('Wider'), 'menu.narrower': t('Narrower'),
    'copied': t('{0} events copied'), 'copied.cell': t('Copied'),
    'details': t('Details'), 'details.none': t('Choose an event to see its details.'), 'details.meaning': t('What it means'), 'details.implies': t('What follows'), 'details.findings': t('Evidence of'), 'details.actions': t('What to do'),
    'details.values': t('Values'), 'details.xml': t('Show XML'), 'details.hideXml': t('Hide XML'), 'details.cut': t('The text is longer than what is shown.'), 'details.close': t('Close Details'), 'details.size': t('Height of the details'),
    'details.around': t('Surrounding events'), 'details.seconds': t('± {0} s'), 'details.event': t('Event {0}, {1}'), 'details.unknown': t('Nothing is known of this event that matters to the repair.'),
    'older': t('Read Older Events'), 'retry': t('Retry'), 'covers': t('The filter only covers the {0} events loaded: older ones on the server are not part of it.'),
    'status.count': t('{0} events'), 'status.of': t('{0} of {1} loaded events'), 'empty': t('No event fits the filter.'), 'empty.none': t('No events yet.'),
    'sorted.up': t('Sorted by {0}, ascending'), 'sorted.down': t('Sorted by {0}, descending'), 'width': t('{0}: {1} pixels wide'), 'notice.close': t('Close Message'), 'failed': t('That did not work: {0}'),
  };
}
