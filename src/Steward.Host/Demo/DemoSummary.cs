namespace Steward.Host.Demo;

/// <summary>What <c>steward demo --json</c> prints.</summary>
/// <param name="Before">Right answers to fresh pictures of the known styles, by the version that served.</param>
/// <param name="Changed">The same version's right answers when the style had changed.</param>
/// <param name="After">The relearned version's right answers to fresh pictures of the new style.</param>
/// <param name="AfterKnown">And of the known styles: nothing was forgotten.</param>
internal sealed record DemoSummary(
    string Address, string Data, double Seconds, Share Before, Share Changed, Share After, Share AfterKnown,
    IReadOnlyList<Served> Versions, Noticed Incident, int Labelled, IReadOnlyList<Refused> Refusals, IReadOnlyList<Login> SignIns, IReadOnlyList<DemoStep> Steps);

/// <summary>k of n.</summary>
internal sealed record Share(int Right, int Of)
{
    public override string ToString() => $"{Right} of {Of}";
}

/// <param name="TestF1">Macro F1 on the test pictures.</param>
internal sealed record Served(string Version, string Data, double TestF1, int TestN, string Words);

/// <param name="After">How many changed pictures had been sent before the incident was there.</param>
internal sealed record Noticed(int Number, string Title, int After, IReadOnlyList<string> Deeds);

/// <param name="ExitCode">What the same attempt gives on the command line.</param>
internal sealed record Refused(string What, string Code, int ExitCode, string Why);

internal sealed record Login(string User, string Role, string Password);
