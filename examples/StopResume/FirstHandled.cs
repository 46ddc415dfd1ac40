namespace StopResume;

/// <summary>Remembers the position of the first event that a run was given: one lane hands on one event after another.</summary>
internal sealed class FirstHandled
{
    public long? Position { get; private set; }

    public void Note(long position) => Position ??= position;
}
