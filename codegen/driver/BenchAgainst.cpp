//===- BenchAgainst.cpp - Two compiled models in turn ---------------------===//
//
// Neighbouring runs see nearly the same machine: the median of the ratios
// within such pairs tells one per cent apart where the times themselves wander
// by ten.
//
//===----------------------------------------------------------------------===//

#include "codegen/driver/BenchAgainst.h"
#include "codegen/driver/Comparison.h"
#include "codegen/driver/TextTable.h"

#include "llvm/Support/JSON.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

using namespace llvm;
using namespace vitc;

namespace {

using TwoRuns = std::array<const BenchRun *, 2>;

/// More would only take memory: a median of so many stands still.
constexpr unsigned mostPairs = 10000;

/// Steps that are compared together.
struct Part {
  std::string name;
  bool isIn[2] = {};   ///< the first model, the second
  double sums[2] = {}; ///< ms, of the pair that is being added
  Samples times[2];    ///< ms, a value for every pair
  Samples ratios;      ///< first over second, within a pair

  bool isInBoth() const { return isIn[0] && isIn[1]; }

  void addPair() {
    times[0].values.push_back(sums[0]);
    times[1].values.push_back(sums[1]);
    // The clock may not tell the shortest steps from nothing.
    ratios.values.push_back(std::max(sums[0], 1e-6) / std::max(sums[1], 1e-6));
    sums[0] = sums[1] = 0;
  }
};

/// The parts of two models, by the names that `nameStep` gives their steps.
class Parts {
public:
  Parts(const char *title, const TwoRuns &runs,
        std::string (*nameStep)(const vitc_step &))
      : title(title), runs(runs) {
    for (int side : {0, 1}) {
      const vitc_level &level = runs[side]->level();
      for (uint64_t i = 0; i < level.step_count; ++i) {
        size_t place = placeOf(nameStep(level.steps[i]));
        all[place].isIn[side] = true;
        places[side].push_back(place);
      }
    }
  }

  /// Adds the last run of each model.
  void addPair() {
    for (int side : {0, 1})
      for (auto [place, time] :
           llvm::zip_equal(places[side], runs[side]->stepTimes()))
        all[place].sums[side] += double(time) * 1e-6;
    for (Part &part : all)
      part.addPair();
  }

  const char *title;
  std::vector<Part> all;

private:
  size_t placeOf(const std::string &name) {
    auto known =
        llvm::find_if(all, [&](const Part &part) { return part.name == name; });
    if (known == all.end()) {
      known = all.emplace(known);
      known->name = name;
    }
    return size_t(known - all.begin());
  }

  TwoRuns runs;
  std::vector<size_t> places[2]; ///< of each step in `all`
};

struct Report {
  TwoRuns runs;
  std::array<std::string, 2> paths;
  BenchSettings settings;
  Part whole;
  std::vector<Parts> groups;
  std::optional<double> difference; ///< of the outputs, if they can be compared
};

} // namespace

static bool areAlike(ArrayRef<vitc_tensor> a, ArrayRef<vitc_tensor> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const vitc_tensor &left, const vitc_tensor &right) {
                      return left.element_type == right.element_type &&
                             left.image_bytes == right.image_bytes;
                    });
}

/// The largest difference between outputs, NaN where only one of two is NaN;
/// none where inputs or outputs differ in type or size.
static std::optional<double>
compareOutputs(const BenchRun &a, const BenchRun &b, uint64_t images) {
  const vitc_model &left = a.model(), &right = b.model();
  ArrayRef<vitc_tensor> tensors(left.outputs, left.output_count);
  if (!areAlike({left.inputs, left.input_count},
                {right.inputs, right.input_count}) ||
      !areAlike(tensors, {right.outputs, right.output_count}))
    return std::nullopt;
  double largest = 0;
  for (auto [tensor, x, y] :
       llvm::zip_equal(tensors, a.outputs(), b.outputs())) {
    bool isFloat = tensor.element_type == VITC_F32;
    const char *dtype = isFloat ? "F32" : "U8";
    uint64_t count = images * tensor.image_bytes / (isFloat ? 4 : 1);
    for (uint64_t i = 0; i < count; ++i) {
      double first = elementAt(dtype, x.data(), i);
      double second = elementAt(dtype, y.data(), i);
      if (first == second || (std::isnan(first) && std::isnan(second)))
        continue;
      double difference = std::abs(first - second);
      if (std::isnan(difference))
        return difference;
      largest = std::max(largest, difference);
    }
  }
  return largest;
}

static Error measure(Report &report, BenchRun *const (&runs)[2]) {
  for (BenchRun *run : runs)
    if (Error error = run->profile())
      return error;
  double begin = milliseconds();
  auto goesOn = [&](unsigned pairs) {
    return pairs < minimumRuns ||
           (pairs < mostPairs &&
            milliseconds() - begin < 1000 * report.settings.seconds);
  };
  for (unsigned pair = 0; goesOn(pair); ++pair) {
    for (unsigned turn : {0, 1}) {
      unsigned side = (pair + turn) % 2;
      Expected<double> time = runs[side]->time();
      if (!time)
        return time.takeError();
      report.whole.sums[side] = *time;
    }
    report.whole.addPair();
    for (Parts &parts : report.groups)
      parts.addPair();
  }
  report.difference =
      compareOutputs(*runs[0], *runs[1], report.settings.images);
  return Error::success();
}

static json::Object toJson(Part &part) {
  json::Object object{{"name", part.name}};
  if (part.isIn[0])
    object["ms"] = part.times[0].quantile(0.5);
  if (part.isIn[1])
    object["against_ms"] = part.times[1].quantile(0.5);
  if (part.isInBoth()) {
    object["ratio"] = part.ratios.quantile(0.5);
    object["ratio_p25"] = part.ratios.quantile(0.25);
    object["ratio_p75"] = part.ratios.quantile(0.75);
  }
  return object;
}

static void printJson(Report &report) {
  json::Object object = toJson(report.whole);
  object.erase("name");
  object["model"] = report.runs[0]->model().name;
  object["directory"] = report.paths[0];
  object["level"] = report.runs[0]->level().name;
  object["against"] = report.paths[1];
  object["against_level"] = report.runs[1]->level().name;
  object["batch"] = int64_t(report.settings.images);
  object["threads"] = int64_t(report.runs[0]->parallel().workers);
  object["pairs"] = int64_t(report.whole.ratios.values.size());
  if (report.difference)
    object["largest_difference"] = std::isfinite(*report.difference)
                                       ? json::Value(*report.difference)
                                       : json::Value(nullptr);
  for (Parts &parts : report.groups) {
    json::Array array;
    for (Part &part : parts.all)
      array.push_back(toJson(part));
    object[std::string(parts.title) + "s"] = std::move(array);
  }
  outs() << formatv("{0:2}", json::Value(std::move(object))) << '\n';
}

static std::vector<std::string> toRow(Part &part) {
  std::vector<std::string> row{part.name};
  for (int side : {0, 1})
    row.push_back(part.isIn[side]
                      ? fmt::format("{:.3f}", part.times[side].quantile(0.5))
                      : "-");
  if (part.isInBoth()) {
    row.push_back(fmt::format("{:.3f}", part.ratios.quantile(0.5)));
    row.push_back(fmt::format("{:.3f} to {:.3f}", part.ratios.quantile(0.25),
                              part.ratios.quantile(0.75)));
  }
  return row;
}

static void printTable(Report &report) {
  auto describe = [&](int side) {
    const BenchRun &run = *report.runs[side];
    return fmt::format("{} on {}", run.model().name, run.level().name);
  };
  uint64_t threads = report.runs[0]->parallel().workers;
  outs() << fmt::format(
      "{} against {}, {} image{}, {} thread{}, {} pairs of runs\n", describe(0),
      describe(1), report.settings.images,
      report.settings.images == 1 ? "" : "s", threads, threads == 1 ? "" : "s",
      report.whole.ratios.values.size());
  if (!report.difference)
    outs()
        << "outputs not compared: inputs or outputs differ in type or size\n";
  else if (*report.difference == 0)
    outs() << "outputs equal\n";
  else if (std::isnan(*report.difference))
    outs() << "outputs differ: NaN in one model only\n";
  else
    outs() << fmt::format("outputs differ by at most {:.2e}\n",
                          *report.difference);
  for (Parts &parts : report.groups) {
    TextTable table("lrrrr");
    table.add({parts.title, report.paths[0] + " ms", report.paths[1] + " ms",
               "ratio", "half of the pairs"});
    for (Part &part : parts.all)
      table.add(toRow(part));
    table.add(toRow(report.whole));
    outs() << '\n';
    table.print(outs());
  }
}

int vitc::benchAgainst(const ModelOptions &options, BenchRun &run,
                       StringRef path, const BenchSettings &settings) {
  if (path.empty())
    return reportError("--against expects DIR or DIR/NAME, found ''");
  Expected<ModelFiles> files = findModelFiles(path, "");
  if (!files)
    return reportError("--against: " + toString(files.takeError()));
  auto other = BenchRun::create(options, *files, settings.images);
  if (!other)
    return reportError("--against: " + toString(other.takeError()));
  TwoRuns runs{&run, other->get()};
  Report report{runs, {options.directory, path.str()}, settings, {}, {}, {}};
  report.whole.name = "run";
  report.whole.isIn[0] = report.whole.isIn[1] = true;
  report.groups.emplace_back("layer", runs, layerName);
  if (settings.perStep)
    report.groups.emplace_back("step", runs, [](const vitc_step &step) {
      return std::string(step.name);
    });
  if (Error error = measure(report, {&run, other->get()}))
    return reportError(toString(std::move(error)));
  if (settings.asJson)
    printJson(report);
  else
    printTable(report);
  return 0;
}
