# Message texts, by locale for the service control manager, in English for the sync engine (as on real servers).

$script:ScmTexts = @{
    'en' = @{
        7000 = 'The {0} service failed to start due to the following error: {2}{1}'
        7024 = 'The {0} service terminated with the following service-specific error: {2}{1}'
        7036 = 'The {0} service entered the {1} state.'
        7038 = 'The {0} service was unable to log on as {1} with the currently configured password due to the following error: {3}{2}{3}{3}To ensure that the service is configured properly, use the Services snap-in in Microsoft Management Console (MMC).'
        7041 = 'The {0} service was unable to log on as {1} with the currently configured password due to the following error: {3}Logon failure: the user has not been granted the requested logon type at this computer.'
        7045 = 'A service was installed in the system. Service Name: {0}'
        7040 = 'The start type of the {0} service was changed from {1} to {2}.'
    }
    'de' = @{
        7000 = 'Der Dienst "{0}" wurde aufgrund folgenden Fehlers nicht gestartet: {2}{1}'
        7024 = 'Der Dienst "{0}" wurde mit folgendem dienstspezifischem Fehler beendet: {2}{1}'
        7036 = 'Dienst "{0}" befindet sich jetzt im Status "{1}".'
        7038 = 'Der Dienst "{0}" konnte sich nicht als "{1}" mit dem aktuellen Kennwort aufgrund des folgenden Fehlers anmelden: {3}{2}'
        7041 = 'Der Dienst "{0}" konnte sich nicht als "{1}" anmelden: Dem Benutzer wurde der angeforderte Anmeldetyp auf diesem Computer nicht erteilt.'
        7045 = 'Ein Dienst wurde im System installiert. Dienstname: {0}'
        7040 = 'Der Starttyp des Diensts "{0}" wurde von {1} in {2} geändert.'
    }
    'ja' = @{
        7000 = '{0} サービスは、次のエラーが原因で開始できませんでした: {2}{1}'
        7024 = '{0} サービスは次のサービス固有のエラーで終了しました: {2}{1}'
        7036 = '{0} サービスは {1} 状態に移行しました。'
        7038 = '{0} サービスは {1} として現在構成されているパスワードでログオンできませんでした。エラー: {3}{2}'
        7041 = '{0} サービスは {1} としてログオンできませんでした: 要求された種類のログオンは許可されていません。'
        7045 = 'システムにサービスがインストールされました。サービス名: {0}'
        7040 = '{0} サービスの開始の種類は {1} から {2} に変更されました。'
    }
}
$script:Win32Texts = @{
    1053 = 'The service did not respond to the start or control request in a timely fashion.'
    1056 = 'An instance of the service is already running.'
    1058 = 'The service cannot be started, either because it is disabled or because it has no enabled devices associated with it.'
    1062 = 'The service has not been started.'
    1066 = 'The service has returned a service-specific error code.'
    1069 = 'The service did not start due to a logon failure.'
    1311 = 'We can''t sign you in with this credential because your domain isn''t available.'
    1326 = 'The user name or password is incorrect.'
    1330 = 'The password for this account has expired.'
    1331 = 'This user can''t sign in because this account is currently disabled.'
    1385 = 'Logon failure: the user has not been granted the requested logon type at this computer.'
    1398 = 'There is a time and/or date difference between the client and server.'
    1789 = 'The trust relationship between this workstation and the primary domain failed.'
    1793 = 'The user''s account has expired.'
    1907 = 'The user''s password must be changed before signing in.'
    1909 = 'The referenced account is currently locked out and may not be logged on to.'
}
$script:SyncTexts = @{
    2001 = 'The service was started successfully.'
    2002 = 'The service was stopped successfully.'
    6000 = 'The management agent "{0}" failed on run profile "{1}" because the credentials were invalid.'
    6028 = 'The server encryption key cannot be accessed.'
    6051 = 'The management agent "{0}" run was stopped by a user.'
    6052 = 'The management agent "{0}" failed on run profile "{1}" because the service was shut down.'
    6201 = 'The server encryption keys have been successfully created.'
    6203 = 'The server encryption keys could not be loaded.'
    6206 = 'The server encryption keys could not be found. Restore the original Log On account of the service.'
    6207 = 'The server encryption keys are corrupt.'
    6208 = 'The server encryption keys could not be decoded by the ADSync service Log On credentials.'
    6223 = 'The server encryption keys do not match the database instance.'
    6226 = 'The connection to the LocalDB instance was lost because the Log On account of the service was changed.'
    6227 = 'The server encryption keys could not be found and were recreated. Synchronization stops until the credentials of every connector are entered again.'
    6231 = 'The server encryption key could not be loaded from the credential vault. Trying to create a new key; the server runs in degraded mode until the credentials are entered again.'
    6601 = 'The encrypted configuration of connector "{0}" belongs to a different service account.'
    6602 = 'The encrypted configuration of connector "{0}" is missing the attribute "{1}".'
    6603 = 'The encrypted configuration of connector "{0}" was overwritten with new parameters.'
    6801 = 'The extensible extension returned an unsupported error. The stack trace is: {0}'
    6803 = 'The management agent "{0}" failed on run profile "{1}" because the server encountered errors.'
    6900 = 'The server encountered an unexpected error while processing a password change notification: {0}'
    6943 = 'Password hash synchronization started for connector "{0}".'
    6944 = 'Password hash synchronization was not started for connector "{0}".'
}

# What Event Viewer calls the levels, from 0 on; level 0 (audits) shows as information.
$script:LevelNames = @{
    'en' = 'Information', 'Critical', 'Error', 'Warning', 'Information', 'Verbose'
    'de' = 'Informationen', 'Kritisch', 'Fehler', 'Warnung', 'Informationen', 'Ausführlich'
    'ja' = '情報', '重大', 'エラー', '警告', '情報', '詳細'
}
