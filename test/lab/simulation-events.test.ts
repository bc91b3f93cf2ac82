import assert from 'node:assert/strict';
import { scenario, SimulatedServer } from './support/simulated-server.ts';

describe('the simulated event logs', function () {
  this.timeout(180_000);

  it('answer structured queries, and refuse what Windows refuses', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-1.1.443'));
    const query = (path: string, condition: string): string => `<QueryList><Query Id='0' Path='${path}'><Select Path='${path}'>${condition.replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</Select></Query></QueryList>`;
    const ids = (condition: string, more = ''): string => `@(Get-WinEvent -FilterXml "${query('System', condition)}" ${more} | ForEach-Object { $_.Id })`;
    const many = (count: number): string => Array.from({ length: count }, (_, i) => `EventID=${String(7000 + i)}`).join(' or ');
    const error = (command: string): string => `$(try { $null = ${command}; 'taken' } catch { "$($_.FullyQualifiedErrorId)|$_" })`;
    const seen = await server.ask<Record<string, unknown>>(`@{
      both = ${ids("*[System[Provider[@Name='Service Control Manager'] and (EventID=7038 or EventID=7024)]]")}
      newest = ${ids('*[System[(Level=2)]]', '-MaxEvents 1')}
      oldest = ${ids("*[System[Level=2 and Provider[@Name='Service Control Manager']]]", '-MaxEvents 1 -Oldest')}
      data = ${ids("*[System[EventID=7038] and EventData[Data[@Name='param1']='ADSync']]")}
      other = ${error(`Get-WinEvent -FilterXml "${query('System', "*[EventData[Data='nothing of this kind']]")}" -ErrorAction Stop`)}
      recent = ${ids('*[System[Level=2 and TimeCreated[timediff(@SystemTime) <= 14400000]]]')}
      record = @(Get-WinEvent -FilterXml "${query('System', '*[System[EventRecordID > 1000 and EventRecordID <= 1003]]')}").Count
      most = ${error(ids(`*[System[${many(22)}]]`))}
      tooMany = ${error(ids(`*[System[${many(23)}]]`))}
      nonsense = ${error(ids('*[System[EventID~7]]'))}
      log = ${error(`Get-WinEvent -LogName NoSuchLog -ErrorAction Stop`)}
      provider = ${error("Get-WinEvent -FilterHashtable @{ LogName = 'System'; ProviderName = 'NoSuchProvider' } -ErrorAction Stop")}
      key = ${error("Get-WinEvent -FilterHashtable @{ LogName = 'System'; NoSuchKey = 1 } -ErrorAction Stop")}
    }`);
    assert.deepEqual(seen['both'], [7024, 7024, 7038]);
    assert.deepEqual(seen['newest'], [7024]);
    assert.deepEqual(seen['oldest'], [7038]);
    assert.deepEqual(seen['data'], [7038]);
    assert.match(String(seen['other']), /^NoMatchingEventsFound/);
    assert.deepEqual(seen['recent'], [7024]);
    assert.equal(seen['record'], 3);
    assert.equal(seen['most'], 'taken');
    for (const name of ['tooMany', 'nonsense', 'key']) assert.match(String(seen[name]), /query is invalid/, name);
    assert.match(String(seen['log']), /^NoMatchingLogsFound/);
    assert.match(String(seen['provider']), /^NoMatchingProvidersFound/);
  });

  it('cannot format a message whose parameter no table knows, and still give the event with its data and its XML', async () => {
    await using server = await SimulatedServer.create(await scenario('key-lost-1.1.443'));
    const seen = await server.ask<{ errors: number; message: string | null; values: string[]; xml: string }>(`
      $event = Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7024 } -MaxEvents 1 -ErrorAction SilentlyContinue -ErrorVariable failed
      @{ errors = @($failed).Count; message = $event.Message; values = @($event.Properties[0].Value, $event.Properties[1].Value); xml = $event.ToXml() }`);
    assert.equal(seen.errors, 1);
    assert.equal(seen.message, null);
    assert.deepEqual(seen.values, ['Microsoft Azure AD Sync', '%%-2145185792']);
    assert.match(seen.xml, /<EventID Qualifiers='49152'>7024<\/EventID>.*<Data Name='param1'>Microsoft Azure AD Sync<\/Data>.*<Binary>4100440053007900/);
  });

  it('speak the server\'s language where the service control manager speaks, and keep names and codes', async () => {
    for (const [locale, text] of [['de-DE', /konnte sich nicht als/], ['ja-JP', /ログオンできませんでした/]] as const) {
      await using server = await SimulatedServer.create({ ...(await scenario('stale-scm-password')), locale });
      const seen = await server.ask<{ message: string; data: string[] }>("$e = Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 7038 } -MaxEvents 1; @{ message = $e.Message; data = @($e.Properties | ForEach-Object { $_.Value }) }");
      assert.match(seen.message, text);
      assert.deepEqual(seen.data, ['ADSync', 'CONTOSO\\svc-adsync', '%%1326']);
    }
  });

  it('take a forged event from any process under an existing source', async () => {
    await using server = await SimulatedServer.create(await scenario('healthy'));
    const seen = await server.ask<{ id: number; provider: string; unknown: string }>(`
      Write-EventLog -LogName Application -Source ADSync -EventId 6208 -EntryType Error -Message 'forged'
      $e = Get-WinEvent -FilterHashtable @{ LogName = 'Application'; Id = 6208 } -MaxEvents 1
      @{ id = $e.Id; provider = $e.ProviderName; unknown = $(try { Write-EventLog -LogName Application -Source NoSuchSource -EventId 1 -Message x -ErrorAction Stop; 'taken' } catch { "$_" }) }`);
    assert.equal(seen.id, 6208);
    assert.equal(seen.provider, 'ADSync');
    assert.match(seen.unknown, /does not exist/);
  });

  it('hold generated histories, the same for the same seed, found newest first', async () => {
    const base = await scenario('healthy');
    base['events'] = [{ generate: { count: 2000, seed: 1 } }];
    await using server = await SimulatedServer.create(base);
    const seen = await server.ask<{ count: number; sorted: boolean }>(`
      $all = @(Get-WinEvent -LogName System, Application, Security -ErrorAction SilentlyContinue)
      $times = @($all | Select-Object -First 200 | ForEach-Object { $_.TimeCreated.Ticks })
      @{ count = $all.Count; sorted = "$times" -eq "$(@($times | Sort-Object -Descending))" }`);
    assert.deepEqual(seen, { count: 2000, sorted: true });
  });

  it('hold hostile texts, make room for new events where they are full, begin anew when they are emptied, and keep Security for administrators', async () => {
    const base = await scenario('healthy');
    const text = '\ud800 \u0007\t\n\u202eabc\\ שלום';
    base['logs'] = [{ name: 'Application', maximumRecords: 10 }];
    base['commands'] = { variants: ['filteredToken'] };
    base['locale'] = 'de-DE';
    base['events'] = [
      { generate: { count: 1000, seed: 5 } },
      { ago: '50s', log: 'Microsoft-Windows-Crypto-DPAPI/Operational', provider: 'Microsoft-Windows-Crypto-DPAPI', id: 8198, level: 2, message: text.replace('\ud800', '{u+D800}'), data: [text.replace('\ud800', '{u+D800}'), 'a\u001fb'] },
      { ago: '40s', log: 'System', provider: 'Gone', id: 1, level: 3, data: ['x'], format: 'missing' }, { ago: '30s', log: 'System', provider: 'Gone', id: 2, level: 4, data: ['y'], format: 'throws' },
    ];
    await using server = await SimulatedServer.create(base);
    const reach = "$(foreach ($log in Get-WinEvent -ListLog Application) { $log.RecordCount; $log.OldestRecordNumber })";
    const seen = await server.ask<{ codes: number[]; values: string[]; missing: unknown; reach: number[]; level: string; denied: string[] }>(`
      $event = Get-WinEvent -LogName 'Microsoft-Windows-Crypto-DPAPI/Operational'
      $problems = @()
      $gone = @(Get-WinEvent -FilterXml "<QueryList><Query Id='0'><Select Path='System'>*[System[Provider[@Name='Gone']]]</Select></Query></QueryList>" -ErrorAction SilentlyContinue -ErrorVariable problems)
      @{
        codes = @($event.Message.ToCharArray() | ForEach-Object { [int] $_ }); values = @($event.Properties[1].Value); level = $event.LevelDisplayName
        missing = @($gone.Count, ($null -eq $gone[0].Message), ($null -eq $gone[1].Message), @($problems).Count, $gone[0].Properties[0].Value); reach = @(${reach})
        denied = @($(try { Get-WinEvent -FilterXml "<QueryList><Query Id='0'><Select Path='Security'>*</Select></Query></QueryList>" -ErrorAction Stop } catch { $_.CategoryInfo.Reason }), $(try { Get-WinEvent -FilterXml "<QueryList><Query Id='0'><Select Path='Nope'>*</Select></Query></QueryList>" -ErrorAction Stop } catch { $_.CategoryInfo.Reason }))
      }`);
    assert.deepEqual(seen.codes, Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)));
    assert.deepEqual(seen.values, ['a\u001fb']);
    assert.equal(seen.level, 'Fehler');
    assert.deepEqual(seen.missing, [2, true, true, 1, 'y']);
    assert.equal(seen.reach[0], 10);
    assert.ok((seen.reach[1] ?? 0) > 1100);
    assert.deepEqual(seen.denied, ['UnauthorizedAccessException', 'EventLogNotFoundException']);
    assert.equal((await server.person('clear-log', ['-Log', 'Application'])).code, 0);
    const after = await server.ask<{ reach: number[]; said: string[] }>(`
      Write-EventLog -LogName Application -Source ADSync -EventId 2001 -Message 'first'
      @{ reach = @(${reach}); said = @(Get-WinEvent -FilterHashtable @{ LogName = 'System'; Id = 104 } | ForEach-Object { $_.Properties[2].Value }) }`);
    assert.deepEqual(after, { reach: [1, 1], said: ['Application'] });
  });
});
