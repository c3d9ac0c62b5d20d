using Microsoft.Extensions.DependencyInjection;
using Steward.Models;

namespace Steward.Stories;

internal static class QuizServices
{
    public static IServiceCollection AddQuizzes(this IServiceCollection services) => services
        .AddSingleton<QuizStore>()
        .AddSingleton<IQuizzes, Quizzes>()
        .AddSingleton<Ratings>()
        .AddSingleton<IInformed, Informed>()
        .AddSingleton<IGate, StoryGate>();
}
