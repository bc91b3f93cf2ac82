namespace PracticeLab.Standard;

/// <summary>An exclusive lock between processes, held on a file. Waiting for it leaves no error record behind in the session.</summary>
public static class FileLock
{
    /// <summary>Takes the lock; null when another process held it for the whole time.</summary>
    public static FileStream? Take(string path, double seconds)
    {
        var until = DateTime.UtcNow.AddSeconds(seconds);
        while (true)
        {
            try { return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); }
            catch (IOException) when (DateTime.UtcNow < until) { Thread.Sleep(5); }
            catch (IOException) { return null; }
        }
    }
}
