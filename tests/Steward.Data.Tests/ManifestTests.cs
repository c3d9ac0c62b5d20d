using CsCheck;

namespace Steward.Data.Tests;

/// <summary>Laws of the text that a snapshot's digest is made of.</summary>
public class ManifestTests
{
    private static readonly Gen<Item> Items = Gen.Select(Gen.String[1, 40], Gen.String[1, 20], Gen.Enum<Split>(), Gen.String, (key, label, split, source)
        => new Item(Sound(key), Digest.Of(key), Sound(label), split, Sound(source)));

    [Fact]
    public void What_is_written_is_read_again()
        => Items.List[0, 20].Sample(items => Assert.Equal(items, Manifest.Read(Manifest.Write(items).Span)));

    [Fact]
    public void A_line_of_the_manifest_never_changes_its_form()
        => Assert.Equal($$"""{"key":"apple/1.png","blob":"{{Digest.Of("x")}}","label":"<b>äpfel</b>","split":"train","source":"import"}""" + "\n",
            System.Text.Encoding.UTF8.GetString(Manifest.Write([new("apple/1.png", Digest.Of("x"), "<b>äpfel</b>", Split.Train, "import")]).Span));

    /// <summary>Half a pair of UTF-16 has no UTF-8: JSON cannot bring one in, so no item holds one.</summary>
    private static string Sound(string text) => System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text));
}
