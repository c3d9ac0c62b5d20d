namespace Steward.Drawing.Tests;

public class CastTests
{
    /// <summary>The cast is drawn by our own code; what comes from elsewhere are typefaces, each with its licence beside it.</summary>
    [Fact]
    public void Nothing_of_the_cast_comes_from_elsewhere()
    {
        var carried = typeof(Cast).Assembly.GetManifestResourceNames();
        Assert.NotEmpty(carried);
        Assert.All(carried, name => Assert.Matches(@"(?:otf|ttf|woff2|OFL\.txt)$", name));
        Assert.All(carried.Where(name => !name.EndsWith(".txt", StringComparison.Ordinal)), name => Assert.Matches("Andika|ComicNeue", name));
        var fonts = Path.Combine(Root(), "src", "Steward.Drawing", "Fonts");
        Assert.All(new[] { "Andika", "ComicNeue" }, family => Assert.Contains("SIL OPEN FONT LICENSE", File.ReadAllText(Path.Combine(fonts, $"{family}-OFL.txt")), StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Root(), "src", "Steward.Drawing"), "*.*", SearchOption.AllDirectories), file => Path.GetExtension(file) is ".svg" or ".png" or ".jpg" or ".webp");
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Steward.slnx")))
            at = at.Parent ?? throw new DirectoryNotFoundException("The tests do not lie inside the repository.");
        return at.FullName;
    }
}
