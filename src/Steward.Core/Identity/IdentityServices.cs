using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Steward.Storage;

namespace Steward.Identity;

public static class IdentityServices
{
    /// <summary>People, credentials and roles; endpoints and pages then take <see cref="Who"/> as a service.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, Settings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(settings);
        services.AddDataProtection()
            .SetApplicationName("steward")
            .PersistKeysToFileSystem(Directory.CreateDirectory(Path.Combine(settings.Data, "keys", "forms")));
        // It warns that these keys, which only bind forms to a browser, are not encrypted: the folder is 0700.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error));
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "steward-form";
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            form.SuppressXFrameOptionsHeader = true; // frame-ancestors says it
        });
        return services
            .AddHttpContextAccessor()
            .AddScoped(all => all.GetRequiredService<IHttpContextAccessor>().HttpContext is { } context ? Caller.Of(context).Who : Who.Nobody)
            .AddSingleton<SignInThrottle>()
            .AddSingleton<Credentials>()
            .AddSingleton<Passwords>()
            .AddSingleton<Authentication>()
            .AddSingleton<People>()
            .AddSingleton<Users>()
            .AddSingleton<Tokens>()
            .AddSingleton<PersonKeys>()
            .AddSingleton<IPrograms, Programs>()
            .AddSingleton<Welcome>()
            .AddSingleton<SignIn>()
            .AddSingleton(all => new FirstStart(all.GetRequiredService<Db>(), all.GetRequiredService<Welcome>()))
            .AddSingleton<IPeople>(all => all.GetRequiredService<People>());
    }

    /// <summary>Says who calls and enforces what the route needs. After routing, before the endpoints.</summary>
    public static IApplicationBuilder UseIdentity(this IApplicationBuilder app) => app
        .UseMiddleware<Gatekeeper>()
        .UseAntiforgery();
}
