//===- Bench.cpp - vitc bench: how fast a compiled model runs -------------===//
//
// Runs and measurements of the peak alternate, so that both see the same clock:
// a share of the peak is then a statement about the code, not about the hour.
//
//===----------------------------------------------------------------------===//

#include "codegen/driver/BenchAgainst.h"
#include "codegen/driver/KernelKinds.h"
#include "codegen/driver/PeakLoop.h"

#include "llvm/Support/JSON.h"

#include <fmt/format.h>

#include <cmath>

using namespace llvm;
using namespace vitc;

static int benchMain();
static Command benchCommand("bench", "Measure a compiled model", benchMain);

static ModelOptions options(benchCommand);
static cl::opt<unsigned> batch("batch",
                               cl::desc("Images in a run (default: 1)"),
                               cl::init(1), cl::sub(benchCommand));
static cl::opt<double> duration("seconds",
                                cl::desc("Time to measure for (default: 2)"),
                                cl::init(2), cl::sub(benchCommand));
static cl::opt<bool> perStep("steps", cl::desc("Also print every step"),
                             cl::sub(benchCommand));
static cl::opt<std::string>
    against("against", cl::desc("Run this compiled model in turn and compare"),
            cl::value_desc("DIR or DIR/NAME"), cl::sub(benchCommand));
static cl::opt<bool> asJson("json", cl::desc("Print JSON"),
                            cl::sub(benchCommand));

namespace {

/// Steps that are reported together.
struct Group {
  std::string name;
  uint64_t steps = 0, macs = 0; ///< of one image
  double milliseconds = 0;      ///< of a run
};

struct Report {
  const vitc_model &model;
  const vitc_level &level;
  uint64_t workers, arenaBytes;
  size_t runs;
  double median, fastest, early, late; ///< ms; quantiles 50, 0, 10, 90 %
  double peak;                         ///< flop/s
  std::vector<Group> kinds;            ///< slowest first
  std::vector<Group> layers;           ///< steps alike in all blocks, in order
  std::vector<Group> steps;

  uint64_t executedMacs() const {
    uint64_t sum = 0;
    for (const Group &step : steps)
      sum += step.macs;
    return sum;
  }
  /// Floating-point operations a second of `macs` multiply-adds an image.
  double rate(uint64_t macs, double milliseconds) const {
    return milliseconds > 0 ? 2e3 * double(macs) * batch / milliseconds : 0;
  }
};

} // namespace

/// Adds a step to the group of that name.
static void addTo(std::vector<Group> &groups, StringRef name, uint64_t macs,
                  double time) {
  auto group = llvm::find_if(
      groups, [&](const Group &group) { return group.name == name; });
  if (group == groups.end())
    group = groups.insert(group, Group{name.str()});
  ++group->steps;
  group->macs += macs;
  group->milliseconds += time;
}

/// Groups of a step, a layer and a kind, by the median of each step: their sum
/// is then near the median of a run, whatever disturbs some of the runs.
static void groupSteps(Report &report, MutableArrayRef<Samples> times) {
  for (uint64_t i = 0; i < report.level.step_count; ++i) {
    const vitc_step &step = report.level.steps[i];
    double time = times[i].quantile(0.5);
    report.steps.push_back({step.name, 1, step.macs, time});
    addTo(report.kinds, kernelKindName(step.kind), step.macs, time);
    addTo(report.layers, layerName(step), step.macs, time);
  }
  llvm::stable_sort(report.kinds, [](const Group &a, const Group &b) {
    return a.milliseconds > b.milliseconds;
  });
}

static Expected<Report> measure(BenchRun &run) {
  const vitc_model &model = run.model();
  const vitc_level &level = run.level();
  Expected<PeakLoop> peakLoop = PeakLoop::create(level);
  if (!peakLoop)
    return peakLoop.takeError();
  vitc_parallel parallel = run.parallel();

  Samples runs, peaks;
  double begin = milliseconds();
  while (runs.values.size() < minimumRuns ||
         milliseconds() - begin < 800 * duration) {
    Expected<double> time = run.time();
    if (!time)
      return time.takeError();
    runs.values.push_back(*time);
    peaks.values.push_back(peakLoop->measure(parallel));
  }

  if (Error error = run.profile())
    return error;
  std::vector<Samples> times(level.step_count);
  begin = milliseconds();
  for (size_t profiled = 0;
       profiled < minimumRuns || milliseconds() - begin < 200 * duration;
       ++profiled) {
    if (Expected<double> time = run.time(); !time)
      return time.takeError();
    for (auto [step, time] : llvm::zip_equal(times, run.stepTimes()))
      step.values.push_back(double(time) * 1e-6);
  }

  Report report{model, level, parallel.workers};
  vitc_message message;
  if (Error error =
          toError(vitc_arena_size(&model, &level, batch, parallel.workers,
                                  &report.arenaBytes, &message),
                  message))
    return error;
  report.runs = runs.values.size();
  report.median = runs.quantile(0.5);
  report.fastest = runs.quantile(0);
  report.early = runs.quantile(0.1);
  report.late = runs.quantile(0.9);
  report.peak = peaks.quantile(0.5);
  groupSteps(report, times);
  return report;
}

static json::Object toJson(const Report &report, const Group &group) {
  return json::Object{
      {"name", group.name},
      {"steps", int64_t(group.steps)},
      {"macs", int64_t(group.macs * batch)},
      {"ms", group.milliseconds},
      {"share_of_peak",
       report.rate(group.macs, group.milliseconds) / report.peak}};
}

static void printJson(const Report &report) {
  auto groups = [&](ArrayRef<Group> all) {
    json::Array array;
    for (const Group &group : all)
      array.push_back(toJson(report, group));
    return array;
  };
  json::Object object{
      {"model", report.model.name},
      {"level", report.level.name},
      {"batch", int64_t(batch)},
      {"threads", int64_t(report.workers)},
      {"runs", int64_t(report.runs)},
      {"median_ms", report.median},
      {"min_ms", report.fastest},
      {"p10_ms", report.early},
      {"p90_ms", report.late},
      {"peak_gflops", report.peak * 1e-9},
      {"share_of_peak",
       report.rate(report.executedMacs(), report.median) / report.peak},
      {"useful_share",
       report.rate(report.model.macs, report.median) / report.peak},
      {"arena_bytes", int64_t(report.arenaBytes)},
      {"kernels", groups(report.kinds)},
      {"layers", groups(report.layers)}};
  if (perStep)
    object["steps"] = groups(report.steps);
  outs() << formatv("{0:2}", json::Value(std::move(object))) << '\n';
}

static void printGroups(const Report &report, const char *title,
                        ArrayRef<Group> groups) {
  size_t width = StringRef(title).size();
  double sum = 0;
  for (const Group &group : groups) {
    width = std::max(width, group.name.size());
    sum += group.milliseconds;
  }
  double macs = std::max(double(report.executedMacs()), 1.0);
  outs() << fmt::format("\n{:<{}}  steps        ms    time    work  of peak\n",
                        title, width);
  for (const Group &group : groups)
    outs() << fmt::format(
        "{:<{}}  {:5}  {:8.3f}  {:4.1f} %  {:4.1f} %  {:5.1f} %\n", group.name,
        width, group.steps, group.milliseconds, 100 * group.milliseconds / sum,
        100 * double(group.macs) / macs,
        100 * report.rate(group.macs, group.milliseconds) / report.peak);
}

static void printTable(const Report &report) {
  double executed = report.rate(report.executedMacs(), report.median);
  double useful = report.rate(report.model.macs, report.median);
  outs() << fmt::format("{} on {}, {} image{}, {} thread{}, {} runs\n\n",
                        report.model.name, report.level.name, unsigned(batch),
                        batch == 1 ? "" : "s", report.workers,
                        report.workers == 1 ? "" : "s", report.runs)
         << fmt::format("median         {:10.3f} ms  ({:.1f} images/s)\n",
                        report.median, 1e3 * batch / report.median)
         << fmt::format("minimum        {:10.3f} ms\n", report.fastest)
         << fmt::format("10 % to 90 %   {:10.3f} to {:.3f} ms\n", report.early,
                        report.late)
         << fmt::format("measured peak  {:10.1f} GFLOP/s\n", report.peak * 1e-9)
         << fmt::format("share of peak  {:10.1f} %   ({} multiply-adds done)\n",
                        100 * executed / report.peak,
                        report.executedMacs() * batch)
         << fmt::format("useful share   {:10.1f} %   ({} in the model)\n",
                        100 * useful / report.peak, report.model.macs * batch)
         << fmt::format("arena          {:10.1f} kB\n",
                        double(report.arenaBytes) * 1e-3);
  printGroups(report, "kernel", report.kinds);
  printGroups(report, "layer", report.layers);
  if (perStep)
    printGroups(report, "step", report.steps);
}

static int benchMain() {
  if (!batch)
    return reportError("--batch expects at least 1, found 0");
  if (!(duration > 0) || !std::isfinite(duration))
    return reportError(fmt::format(
        "--seconds expects a number above 0, found {}", double(duration)));
  Expected<ModelFiles> files = options.files();
  if (!files)
    return reportError(toString(files.takeError()));
  auto run = BenchRun::create(options, *files, batch);
  if (!run)
    return reportError(toString(run.takeError()));
  if (against.getNumOccurrences())
    return benchAgainst(options, **run, against,
                        {batch, duration, perStep, asJson});
  Expected<Report> report = measure(**run);
  if (!report)
    return reportError(toString(report.takeError()));
  if (asJson)
    printJson(*report);
  else
    printTable(*report);
  return 0;
}
