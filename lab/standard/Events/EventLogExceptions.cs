namespace PracticeLab.Standard.Events;

/// <summary>A query or an event that the event log service refuses; its name shows in an error's category, as on Windows.</summary>
public class EventLogException(string message) : Exception(message);

/// <summary>There is no such log.</summary>
public sealed class EventLogNotFoundException(string message) : EventLogException(message);
