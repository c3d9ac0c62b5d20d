using Spectre.Console;

namespace Steward.Host.Demo;

/// <summary>What a journey came to: a document for programs, and a few lines for people.</summary>
internal interface IDemoSummary
{
    string Address { get; }

    string Data { get; }

    string Project { get; }

    double Seconds { get; }

    IReadOnlyList<Login> SignIns { get; }

    /// <summary>What happened as comics; the last one is what to open first.</summary>
    IReadOnlyList<ToldStory> Stories { get; }

    void Conclude(DemoTelling tell);

    /// <summary>Where to look now.</summary>
    static void Farewell(DemoTelling tell, IDemoSummary done)
    {
        if (done.Stories is [.., var last])
            tell.Line($"\nRead what happened, in {Math.Ceiling(last.Seconds / 10) * 10:0} seconds: [bold]{Markup.Escape(last.Title)}[/] [link]{last.Address}[/]");
        tell.Line($"Look around: [link]{done.Address}/projects/{done.Project}[/]");
        foreach (var login in done.SignIns)
            tell.Line($"  sign in as [bold]{login.User}[/] ({login.Role}), password [bold]{login.Password}[/]");
        tell.Line($"The whole journey took {done.Seconds:0} s. Its data is in {Markup.Escape(done.Data)}.");
    }
}

/// <summary>What <c>steward demo --json</c> prints.</summary>
/// <param name="Before">Right answers to fresh pictures of the known styles, by the version that served.</param>
/// <param name="Changed">The same version's right answers when the style had changed.</param>
/// <param name="After">The relearned version's right answers to fresh pictures of the new style.</param>
/// <param name="AfterKnown">And of the known styles: nothing was forgotten.</param>
internal sealed record DemoSummary(
    string Address, string Data, double Seconds, Share Before, Share Changed, Share After, Share AfterKnown,
    IReadOnlyList<Served> Versions, Noticed Incident, int Labelled, IReadOnlyList<Refused> Refusals, IReadOnlyList<Login> SignIns, IReadOnlyList<DemoStep> Steps, IReadOnlyList<ToldStory> Stories) : IDemoSummary
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Project => "fruit";

    public void Conclude(DemoTelling tell)
    {
        tell.Chapter("What happened");
        tell.Line($"  right before the change   [bold]{Before}[/]");
        tell.Line($"  right under the new style [bold]{Changed}[/]");
        tell.Line($"  right after relearning    [bold]{After}[/]   (known styles: {AfterKnown})");
        tell.Line($"  incident {Incident.Number} after {Incident.After} changed pictures: {Markup.Escape(Incident.Title)}");
        foreach (var deed in Incident.Deeds)
            tell.Line($"    [grey]{Markup.Escape(deed)}[/]");
        foreach (var refused in Refusals.Take(1))
            tell.Line($"  refused, as it should be: {Markup.Escape(refused.What)} (exit code {refused.ExitCode})");
        IDemoSummary.Farewell(tell, this);
    }
}

/// <summary>k of n.</summary>
internal sealed record Share(int Right, int Of)
{
    public override string ToString() => $"{Right} of {Of}";
}

/// <param name="TestF1">Macro F1 on the test pictures.</param>
internal sealed record Served(string Version, string Data, double TestF1, int TestN, string Words);

/// <param name="After">How many changed pictures had been sent before the incident was there.</param>
internal sealed record Noticed(int Number, string Title, int After, IReadOnlyList<string> Deeds);

/// <param name="Seconds">Read aloud.</param>
internal sealed record ToldStory(string Title, int? Episode, double Seconds, bool Published, string Address);

/// <param name="ExitCode">What the same attempt gives on the command line.</param>
internal sealed record Refused(string What, string Code, int ExitCode, string Why);

internal sealed record Login(string User, string Role, string Password);
