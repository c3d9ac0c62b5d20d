using System.Text.Json;

namespace Steward.Engines;

/// <summary>What was looked up for an engine once, and holds since.</summary>
/// <param name="Asked">The word that engines.yaml has, such as <c>latest-lts</c>.</param>
/// <param name="Exact">What it was at that time.</param>
public sealed record EnginePin(string Asked, string Exact, DateTimeOffset At);

/// <summary>An engine whose settings hold a word that is looked up.</summary>
internal interface IPinned
{
    /// <summary>Looks it up anew and writes it down; <c>nothing_to_pin</c>.</summary>
    Task<EnginePin> Pin(CancellationToken stop);
}

/// <summary><c>engines.lock</c> in the server's data: an engine's name and what its open words mean. Whoever renames an engine or changes the word pins it anew.</summary>
internal sealed class PinFile(Settings settings)
{
    private readonly Lock _one = new();
    private readonly PrivateFile _file = new(Path.Combine(settings.Data, "engines.lock"));

    public EnginePin? Find(string engine, string asked) => All().GetValueOrDefault(engine) is { } pin && pin.Asked == asked ? pin : null;

    public EnginePin Keep(string engine, EnginePin pin)
    {
        lock (_one)
            _file.Replace(Json.Write(new SortedDictionary<string, EnginePin>(All(), StringComparer.Ordinal) { [engine] = pin }) + "\n");
        return pin;
    }

    private Dictionary<string, EnginePin> All()
    {
        try
        {
            return _file.Read() is { } text ? Json.Read<Dictionary<string, EnginePin>>(text) : [];
        }
        catch (JsonException)
        {
            throw ProblemException.Invalid("engines_lock_invalid", $"{_file.FullName} cannot be read.", "Restore it from a backup, or remove it: what is called latest is then looked up anew.");
        }
    }
}
