namespace Steward.Testing;

/// <summary>A folder of its own for a test, gone when the test process ends.</summary>
public static class TestFolder
{
    private static readonly string Root = Directory.CreateTempSubdirectory("steward-test-").FullName;

    static TestFolder() => Afterwards.Run("rm -rf \"$1\"", Root);

    public static string New() => Directory.CreateDirectory(Path.Combine(Root, Names.NewId())).FullName;
}
