using System.Net;
using Steward.Identity;

namespace Steward.Core.Tests;

public class IdentityTests
{
    private static readonly Role?[] RolesOrAll = [null, .. Enum.GetValues<Role>().Cast<Role?>()];

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("abcdefghijklmnop")]
    [InlineData("123456789012345")]
    [InlineData("qwertyuiop1234")]
    [InlineData("password1234")]
    [InlineData("Passw0rd!!!!")]
    [InlineData("administrator1")]
    [InlineData("charlotte2024")]
    public void A_password_that_strangers_try_first_is_refused(string password)
        => Assert.Equal("password_weak", Assert.Throws<ProblemException>(() => Password.Check(password, "charlotte")).Code);

    [Theory]
    [InlineData("four odd words together")]
    [InlineData("correct horse battery staple")]
    [InlineData("T7#kq-Zw9!mLx2")]
    public void A_password_of_ones_own_is_taken(string password) => Assert.Equal(password, Password.Check(password, "charlotte"));

    [Fact]
    public void A_kept_password_fits_itself_and_nothing_else()
    {
        var kept = Password.Hash("four odd words together");
        Assert.True(Password.Fits("four odd words together", kept));
        Assert.False(Password.Fits("four odd words togethes", kept));
        Assert.NotEqual(kept, Password.Hash("four odd words together"));
        Assert.False(Password.Fits("", null));
    }

    [Fact]
    public void A_token_never_gives_more_than_its_owner_has()
    {
        foreach (var held in Enumerable.Range(0, 16).Select(bits => (IReadOnlySet<Role>)Enum.GetValues<Role>().Where(role => (bits >> (int)role & 1) == 1).ToHashSet()))
        foreach (var where in (string[])["*", "shop"])
        foreach (var project in (string?[])[null, "shop", "other", "*"])
        foreach (var role in RolesOrAll)
        {
            var owner = new Who("ada", "Ada", new Dictionary<string, IReadOnlySet<Role>> { [where] = held });
            var token = owner with { Roles = Scope.Narrow(owner.Roles, project, role) };
            foreach (var permission in Enum.GetValues<Permission>())
            foreach (var target in (string[])["shop", "other"])
                Assert.True(!token.May(permission, target) || owner.May(permission, target), $"{where} {project} {role} {permission} {target}");
        }
    }

    [Fact]
    public void Guessing_ends_after_five_times_and_begins_again_after_a_while()
    {
        var clock = new Clock();
        var throttle = new SignInThrottle(clock);
        var here = IPAddress.Parse("192.0.2.1");
        for (var n = 0; n < 5; n++)
            throttle.Begin("ada", here);
        Assert.Equal(ProblemKind.TooMany, Assert.Throws<ProblemException>(() => throttle.Begin("ada", here)).Kind);
        throttle.Begin("bob", here);
        clock.Now += SignInThrottle.Window;
        throttle.Begin("ada", here);
    }

    [Fact]
    public void Who_gets_in_is_not_slowed_down()
    {
        var throttle = new SignInThrottle(new Clock());
        for (var n = 0; n < 50; n++)
            throttle.Begin("ada", IPAddress.Loopback).Succeeded();
    }

    [Fact]
    public void An_admin_may_not_approve()
    {
        var root = new Who("root", "Root", new Dictionary<string, IReadOnlySet<Role>> { ["*"] = new HashSet<Role> { Role.Admin } });
        Assert.True(root.May(Permission.AdministerServer));
        Assert.False(root.May(Permission.Approve, "shop"));
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
