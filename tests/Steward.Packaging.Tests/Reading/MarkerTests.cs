namespace Steward.Packaging.Tests.Reading;

/// <summary>Conditions of PEP 508.</summary>
public class MarkerTests
{
    private static readonly MarkerWorld Linux = new("3.11.4", "linux-x86_64"), Windows = new("3.8", "win-amd64"), Old = new("2.7.18", "linux-x86_64"), Mac = new("3.12", "macos-arm64", "socks");

    [Theory]
    [InlineData("python_version >= '3.8'", true, true, false, true)]
    [InlineData("python_version > '3.9'", true, false, false, true)]
    [InlineData("'3.9' < python_version", true, false, false, true)]
    [InlineData("python_full_version < '3.11.5'", true, true, true, false)]
    [InlineData("sys_platform == 'win32'", false, true, false, false)]
    [InlineData("sys_platform == 'linux' or platform_system == 'Darwin'", true, false, false, true)]
    [InlineData("os_name == 'nt' and python_version < '3.9'", false, true, false, false)]
    [InlineData("(os_name == 'nt' or python_version < '3') and platform_machine != 'arm64'", false, true, true, false)]
    [InlineData("platform_machine in 'x86_64 AMD64'", true, true, true, false)]
    [InlineData("'linux' not in sys_platform", false, true, false, true)]
    [InlineData("extra == 'socks'", false, false, false, true)]
    [InlineData("platform_python_implementation == 'PyPy'", false, false, false, false)]
    public void Conditions_hold_where_they_should(string text, bool linux, bool windows, bool old, bool mac)
    {
        var marker = Marker.Parse(text);
        Assert.Equal([linux, windows, old, mac], [marker.Holds(Linux), marker.Holds(Windows), marker.Holds(Old), marker.Holds(Mac)]);
    }

    [Theory]
    [InlineData("python_version")]
    [InlineData("python_version > ")]
    [InlineData("(python_version > '3'")]
    [InlineData("python_version > '3' and")]
    [InlineData("weather == 'fine'")]
    [InlineData("python_version > '3' python_version")]
    [InlineData("os_name == `id`")]
    public void What_is_no_condition_is_refused(string text) => Assert.Throws<FormatException>(() => Marker.Parse(text));

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Throws<FormatException>(() => Marker.Parse(new string('(', 500) + "os_name == 'nt'" + new string(')', 500)));
}
