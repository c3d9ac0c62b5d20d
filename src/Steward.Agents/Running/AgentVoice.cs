namespace Steward.Agents.Running;

/// <summary>What an agent says on its own terminal; a lost line is said once, not with every try.</summary>
internal sealed class AgentVoice(TextWriter to, TimeProvider clock)
{
    private readonly Lock _one = new();
    private bool _lost;

    public void Say(string what)
    {
        lock (_one)
            to.WriteLine($"{clock.GetUtcNow():HH:mm:ss} {what}");
    }

    public void Lost(string why)
    {
        lock (_one)
        {
            if (_lost)
                return;
            _lost = true;
            to.WriteLine($"{clock.GetUtcNow():HH:mm:ss} The server cannot be reached: {why} Tasks go on; trying again.");
        }
    }

    public void Reached()
    {
        lock (_one)
        {
            if (!_lost)
                return;
            _lost = false;
            to.WriteLine($"{clock.GetUtcNow():HH:mm:ss} The server is reached again.");
        }
    }
}
