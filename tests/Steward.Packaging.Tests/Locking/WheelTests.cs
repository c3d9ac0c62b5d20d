using System.IO.Compression;
using System.Security.Cryptography;

namespace Steward.Packaging.Tests.Locking;

/// <summary>A folder of wheels is an index, hashes included.</summary>
public class WheelTests
{
    [Fact]
    public async Task A_folder_of_wheels_makes_a_lock_with_hashes_and_explains_clashes()
    {
        var here = new Here(("requirements.txt", "shop\n"));
        var hash = Wheel(here, "shop-1.2-py3-none-any.whl", "Name: Shop\nVersion: 1.2\nRequires-Python: >=3.8\nRequires-Dist: tills (>=2)\nRequires-Dist: paint ; extra == 'color'\n\nRequires-Dist: this-is-only-told\n");
        Wheel(here, "tills-2.0-py3-none-any.whl", "Name: tills\nVersion: 2.0\n");
        var (exit, said, wrong) = await here.Steward("env", "lock", "--python", "3.11", "--index", "wheels");
        Assert.True(exit == 0, said + wrong);
        var packages = LockReader.Open(Path.Combine(here.Folder, "steward.lock")).Environments[0].Packages;
        Assert.Equal(["shop 1.2", "tills 2.0"], packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Equal([hash], packages[0].Hashes);
        Assert.Equal(["tills"], packages[0].Needs);
        here.Write("requirements.txt", "shop\ntills<2\n");
        Assert.Contains("No version of tills is right: known are 2.0.", (await here.Steward("env", "explain", "--python", "3.11", "--index", "wheels")).Said, StringComparison.Ordinal);
        Wheel(here, "tills-1.0-py3-none-any.whl", "Name: tills\nVersion: 1.0\n");
        Assert.Contains("shop 1.2 needs tills>=2", (await here.Steward("env", "explain", "--python", "3.11", "--index", "wheels")).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_wheel_is_named()
    {
        var here = new Here(("requirements.txt", "shop\n"), ("wheels/shop-1.2-py3-none-any.whl", "not a zip"), ("empty/keep", ""));
        Assert.Contains("shop-1.2-py3-none-any.whl is no wheel", (await here.Steward("env", "explain", "--index", "wheels")).Wrong.Replace("\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("There are no wheels in empty", (await here.Steward("env", "explain", "--index", "empty")).Wrong, StringComparison.Ordinal);
    }

    private static string Wheel(Here here, string name, string metadata)
    {
        var folder = Directory.CreateDirectory(Path.Combine(here.Folder, "wheels")).FullName;
        using (var archive = ZipFile.Open(Path.Combine(folder, name), ZipArchiveMode.Create))
        using (var text = new StreamWriter(archive.CreateEntry($"{name.Split("-py3")[0]}.dist-info/METADATA").Open()))
            text.Write("Metadata-Version: 2.1\n" + metadata);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name))));
    }
}
