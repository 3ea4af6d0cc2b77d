// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.xenolith.command.api.OptionName;
import org.xenolith.profile.StackTree.Node;

/** What was found out, for people. */
final class TextReport {
  private static final int FUNCTIONS = 40;
  private static final int LINES = 25;
  private static final double MILLION = 1e6;

  private final Findings findings;
  private final long instructions;
  private final StackTree<String> stacks;
  private final Weight all;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param instructions of the machine, now
   * @param stacks       what {@link Findings#stacks} gave
   */
  TextReport(Findings findings, long instructions, StackTree<String> stacks) {
    this.findings = findings;
    this.instructions = instructions - findings.before;
    this.stacks = stacks;
    all = stacks.root.total();
  }

  String text() {
    line("%,d instructions, %,d samples, one for %,d instructions of a CPU; %.3f s of host time for what was sampled",
        instructions, findings.samples(), findings.period, findings.nanoseconds() / 1e9);
    notes();
    origins();
    functions();
    engine();
    exits();
    counts("Exceptions", findings.exceptions);
    return text.toString();
  }

  private void notes() {
    findings.samples.kernels().forEach((domain, size) -> {
      String kernel = (domain.isEmpty() ? "" : domain + ' ') + "kernel";
      if (size == 0) {
        line("%s: no table of symbols of a known form was found in its memory: addresses are shown; name a file with "
            + OptionName.onCommandLine(option("symbols")),
            kernel);
      } else {
        line("%s: %,d symbols of its own", kernel, size);
      }
    });
    if (findings.samples.cut() > 0) {
      line("%,d frames were left out: there were too many stacks", findings.samples.cut());
    }
  }

  private void origins() {
    title("Where", "host %  instr %");
    stacks.root.calls.entrySet().stream().sorted(byCost()).limit(LINES).forEach(call -> share(call.getValue().total(), call.getKey()));
  }

  private static Comparator<Map.Entry<String, Node<String>>> byCost() {
    return Comparator.comparingLong((Map.Entry<String, Node<String>> call) -> -call.getValue().total().nanoseconds)
        .thenComparing(Map.Entry::getKey);
  }

  private void functions() {
    Map<String, Weight> self = new HashMap<>();
    Map<String, Weight> total = new HashMap<>();
    stacks.root.calls.forEach((origin, node) -> {
      if (!origin.equals(Findings.EXITS)) {
        node.calls.forEach((frame, call) -> add(frame, call, self, total, new HashSet<>()));
      }
    });
    table("Functions by what they do themselves", self);
    table("Functions with what they call", total);
  }

  /** Adds up by name; a recursion counts once. Returns what is at and below the node. */
  private static Weight add(String name, Node<String> node, Map<String, Weight> self, Map<String, Weight> total, Set<String> above) {
    self.computeIfAbsent(name, n -> new Weight()).add(node.self);
    boolean outermost = above.add(name);
    Weight sum = new Weight();
    sum.add(node.self);
    node.calls.forEach((frame, call) -> sum.add(add(frame, call, self, total, above)));
    if (outermost) {
      above.remove(name);
      total.computeIfAbsent(name, n -> new Weight()).add(sum);
    }
    return sum;
  }

  private void table(String title, Map<String, Weight> weights) {
    title(title, "host %  instr %");
    List<Map.Entry<String, Weight>> sorted = new ArrayList<>(weights.entrySet());
    sorted.removeIf(entry -> entry.getValue().samples == 0 && entry.getValue().instructions == 0);
    sorted.sort(Comparator.comparingLong((Map.Entry<String, Weight> e) -> -e.getValue().nanoseconds).thenComparing(Map.Entry::getKey));
    sorted.stream().limit(FUNCTIONS).forEach(entry -> share(entry.getValue(), entry.getKey()));
  }

  private void share(Weight weight, String name) {
    line("%7.2f %8.2f   %s", percent(weight.nanoseconds, all.nanoseconds), percent(weight.instructions, all.instructions), name);
  }

  private static double percent(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }

  private void engine() {
    if (findings.regionExits.isEmpty()) {
      return;
    }
    double regions = percent(findings.translated(), instructions);
    text.append('\n');
    line("Executed in regions %.2f %% of the instructions, by the interpreter %.2f %%", regions, 100 - regions);
    counts("Ways out of regions", findings.regionExits);
  }

  private void exits() {
    title("Exits from guest code, without those that they led to", "host ms     count  ns each");
    findings.exits.list().stream().limit(LINES).forEach(cost -> line("%9.3f %9d %8d   %s", cost.nanoseconds() / MILLION, cost.count(),
        cost.nanoseconds() / Math.max(1, cost.count()), cost.name()));
  }

  private void counts(String title, Counts counts) {
    title(title, "count");
    counts.list().stream().limit(LINES).forEach(entry -> line("%9d   %s", entry.getValue(), entry.getKey()));
  }

  private void title(String title, String columns) {
    text.append('\n');
    line("%s (%s)", title, columns);
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
