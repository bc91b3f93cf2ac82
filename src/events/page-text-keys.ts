/** Names of the texts that the page shows: the host sends each, and the page can ask for no other. Its type is all that is left of them when it runs. */
export type PageTextKey =
  | 'grid' | 'level' | 'time' | 'server' | 'log' | 'id' | 'provider' | 'phase' | 'recordId' | 'message' | 'level.0' | 'level.1' | 'level.2'
  | 'level.3' | 'level.4' | 'level.5' | 'level.other' | 'levels' | 'chip' | 'loading' | 'unformatted' | 'noMessage' | 'known.good' | 'known.bad'
  | 'bookmarked' | 'search' | 'search.placeholder' | 'search.regex' | 'search.case' | 'search.only' | 'search.next' | 'search.previous'
  | 'search.none' | 'search.count' | 'search.total' | 'search.invalid' | 'search.busy' | 'toolbar' | 'preset' | 'preset.choose' | 'follow'
  | 'follow.on' | 'follow.off' | 'follow.pending' | 'follow.paused' | 'clock' | 'clock.local' | 'clock.server' | 'clock.utc' | 'clock.unknown'
  | 'columns' | 'fields' | 'more' | 'filters' | 'filters.save' | 'filters.name' | 'filters.none' | 'filters.remove' | 'filters.shared' | 'save'
  | 'cancel' | 'export.csv' | 'export.jsonl' | 'export.query' | 'export.done' | 'range' | 'range.from' | 'range.to' | 'range.clear'
  | 'range.reversed' | 'histogram' | 'histogram.hint' | 'histogram.from' | 'histogram.to' | 'histogram.bar' | 'histogram.empty' | 'facet.include'
  | 'facet.exclude' | 'facet.hint' | 'facet.others' | 'filter' | 'filter.is' | 'filter.not' | 'filter.drop' | 'filter.clear' | 'filter.bookmarks'
  | 'filter.only' | 'filter.back' | 'values.more' | 'menu.row' | 'menu.column' | 'menu.explain' | 'menu.include' | 'menu.exclude' | 'menu.copyCell'
  | 'menu.copyText' | 'menu.copyJson' | 'menu.copyXml' | 'menu.copyQuery' | 'menu.around' | 'menu.bookmark' | 'menu.unbookmark' | 'menu.from'
  | 'menu.to' | 'menu.sortUp' | 'menu.sortDown' | 'menu.hide' | 'menu.wider' | 'menu.narrower' | 'copied' | 'copied.cell' | 'details'
  | 'details.none' | 'details.meaning' | 'details.implies' | 'details.findings' | 'details.actions' | 'details.values' | 'details.xml'
  | 'details.hideXml' | 'details.cut' | 'details.close' | 'details.size' | 'details.around' | 'details.seconds' | 'details.event' | 'details.unknown'
  | 'older' | 'retry' | 'covers' | 'status.count' | 'status.of' | 'empty' | 'empty.none' | 'sorted.up' | 'sorted.down' | 'width' | 'failed'
  | 'notice.close';
