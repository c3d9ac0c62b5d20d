namespace Steward.Packaging;

/// <summary>A line of Python: its last release that is known here, and the day nobody mends it any more (PEP 361 to PEP 745).</summary>
/// <param name="Image">The tag of the official image that holds it; null where there is none and it is built from its source.</param>
public sealed record PythonLife(string Line, string Last, DateOnly End, string? Image)
{
    /// <summary>SHA-256 of the source archive <c>Python-{Last}.tgz</c>, for the lines that no official image holds.</summary>
    public string? Source { get; init; }

    public static IReadOnlyList<PythonLife> Lines { get; } =
    [
        new("2.6", "2.6.9", new(2013, 10, 29), null) { Source = "7277b1285d8a82f374ef6ebaac85b003266f7939b3f2a24a3af52f9523ac94db" },
        new("2.7", "2.7.18", new(2020, 1, 1), "slim-buster"),
        new("3.0", "3.0.1", new(2009, 6, 27), null) { Source = "7d5f2feae9035f1d3d9e6bb7f092dbf374d6bb4b25abd0d2d11f13bba1cb04de" },
        new("3.1", "3.1.5", new(2012, 4, 9), null) { Source = "d12dae6d06f52ef6bf1271db4d5b4d14b5dd39813e324314e72b648ef1bc0103" },
        new("3.2", "3.2.6", new(2016, 2, 20), null) { Source = "fc1e41296e29d476f696303acae293ae7a2310f0f9d0d637905e722a3f16163e" },
        new("3.3", "3.3.7", new(2017, 9, 29), null) { Source = "992461a9598e85a45323512d4e60fa6c1d5aaef0956bf9db98733cc5aa9b05e1" },
        new("3.4", "3.4.10", new(2019, 3, 18), "slim-stretch"),
        new("3.5", "3.5.10", new(2020, 9, 30), "slim-buster"),
        new("3.6", "3.6.15", new(2021, 12, 23), "slim-bullseye"),
        new("3.7", "3.7.17", new(2023, 6, 27), "slim-bookworm"),
        new("3.8", "3.8.20", new(2024, 10, 7), "slim-bookworm"),
        new("3.9", "3.9.25", new(2025, 10, 31), "slim-bookworm"),
        new("3.10", "3.10.20", new(2026, 10, 31), "slim-bookworm"),
        new("3.11", "3.11.15", new(2027, 10, 31), "slim-bookworm"),
        new("3.12", "3.12.13", new(2028, 10, 31), "slim-bookworm"),
        new("3.13", "3.13.13", new(2029, 10, 31), "slim-bookworm"),
        new("3.14", "3.14.4", new(2030, 10, 31), "slim-bookworm"),
    ];

    /// <summary>What is taken when nobody says which.</summary>
    public static PythonLife Usual => Lines.Single(line => line.Line == "3.11");

    public static PythonLife? Of(string version) => Lines.FirstOrDefault(line => version == line.Line || version.StartsWith(line.Line + ".", StringComparison.Ordinal));
}
