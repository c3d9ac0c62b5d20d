using Microsoft.Extensions.DependencyInjection;

namespace Steward.Outside;

public static class OutsideServices
{
    /// <summary>Secrets of this server, and what project files may reach from it.</summary>
    public static IServiceCollection AddOutside(this IServiceCollection services, Settings settings) => services
        .AddSingleton(new Secrets(Environment.GetEnvironmentVariable))
        .AddSingleton(Allowed.By(settings, Environment.GetEnvironmentVariable("STEWARD_ALLOW"), Environment.GetEnvironmentVariable("STEWARD_FOLDERS")))
        .AddSingleton(all => new Reach(all.GetRequiredService<Allowed>()));
}
