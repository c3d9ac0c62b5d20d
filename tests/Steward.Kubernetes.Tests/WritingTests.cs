using CsCheck;

namespace Steward.Kubernetes.Tests;

/// <summary>YAML that says exactly what it was given.</summary>
public class WritingTests
{
    private static readonly string[] Tricks =
    [
        "", "~", "on", "n", "0644", "1e3", ".inf", "- a", "a: b", "a #b", "#b", "&a", "*a", "!x", "{a}", "[a]", "%a", "@a", "`a`", "'a'", "\"a\"", "a\nb: c", "a\n---\nkind: Secret", "a:", ":a", " a", "a ",
        "$(id)", "${HOME}", "`id`", "; rm -rf /", "\u0085", "\u2028x", "\u0000", "\ud83c\udf4e", "--- a", "...", "?", "<<", "=", "|", ">", "a\tb", "\\", "2026-03-10",
    ];

    private static readonly Gen<string> Any = Gen.OneOf(Gen.Int[0, Tricks.Length - 1].Select(i => Tricks[i]), Gen.String[Gen.Char[" -:#&*!|>'\"%@`{}[],?\\\n\tabc0~.=<"], 0, 12]);

    [Fact]
    public void Whatever_a_text_holds_it_comes_back_as_that_text_and_as_nothing_else() => Gen.Select(Any, Any, Any).Sample((key, one, other) =>
    {
        var written = ManifestWriter.Write(new { data = new Dictionary<string, string> { [key] = one }, list = new[] { other, one }, after = "x" });
        var findings = new List<Finding>();
        var root = new Spot("a", "", 1, Assert.Single(new ManifestReader("a", findings).Read(written)));
        Assert.Empty(findings);
        Assert.Equal(["data", "list", "after"], root.Entries.Select(entry => entry.Key));
        var data = Assert.Single(root["data"].Entries);
        Assert.Equal((key, one), (data.Key, Text(data.Value)));
        Assert.Equal([other, one], root["list"].Items.Select(Text));
    }, iter: 5_000);

    [Fact]
    public void Words_stay_plain_and_everything_else_is_quoted()
    {
        Assert.All((string[])["fruit", "apps/v1", "registry.example.com/ml/fruit@sha256:00", "/v2/health/ready", "RuntimeDefault", "500m", "1Gi"], word => Assert.Equal(word, ManifestWriter.Word(word)));
        Assert.All((string[])["2", "on", "a b", "a: b", "12:30", "1e3"], word => Assert.Equal($"\"{word}\"", ManifestWriter.Word(word)));
    }

    [Fact]
    public void An_object_is_written_in_its_order_with_nothing_for_what_it_lacks() => Assert.Equal("""
        b: 1
        a:
          - name: x
            on: true
          - z
        empty: {}
        none: []

        """, ManifestWriter.Write(new { b = 1, a = new object[] { new Dictionary<string, object> { ["name"] = "x", ["on"] = true }, "z" }, nothing = (string?)null, empty = new { }, none = Array.Empty<string>() }).Replace("\"on\"", "on", StringComparison.Ordinal));

    private static string? Text(Spot at) => at.Node is Node.Scalar { Kind: ScalarKind.Text } word ? word.Text : null;
}
