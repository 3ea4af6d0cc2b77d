// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Disassembler;
import org.xenolith.a64.isa.Insn;
import org.xenolith.a64.isa.InsnGroup;

/** Runs sequences in batches on both sides, compares, and finds the first instruction that differs. */
final class Differential {
  private static final int BATCH = 5000;
  private static final int REPORTED = 20;

  private final Qemu qemu;
  private final EngineUnderTest engine;
  private final SequenceGenerator generator;
  private final int times;
  private final Decoder decoder = new Decoder();
  private final Disassembler disassembler = new Disassembler(decoder);
  private final Map<Insn, Integer> made = new EnumMap<>(Insn.class);
  private final List<String> findings = new ArrayList<>();
  private int differing;
  private byte[] pattern;

  /** @param times how often the engine executes each sequence; every time it must come to the same end */
  Differential(Qemu qemu, EngineUnderTest engine, SequenceGenerator generator, int times) {
    this.times = times;
    this.qemu = qemu;
    this.engine = engine;
    this.generator = generator;
  }

  /** Runs {@code count} sequences with seeds from {@code seed} on. */
  void run(long seed, int count) throws IOException, InterruptedException {
    for (int done = 0; done < count; done += BATCH) {
      pattern = generator.pattern(seed + done);
      List<Sequence> batch = new ArrayList<>();
      for (int i = done; i < Math.min(count, done + BATCH); i++) {
        Sequence sequence = generator.next(seed + i);
        batch.add(sequence);
        for (int word : sequence.words()) {
          Insn insn = decoder.decode(word);
          if (insn != null) {
            made.merge(insn, 1, Integer::sum);
          }
        }
      }
      compare(batch);
    }
  }

  private void compare(List<Sequence> batch) throws IOException, InterruptedException {
    List<Sequence> rest = batch;
    while (!rest.isEmpty()) {
      GuestImage image = new GuestImage(rest, pattern);
      Qemu.Outcome expected = qemu.run(image);
      engine.load(image);
      List<Sequence> suspects = new ArrayList<>();
      for (int i = 0; i < expected.results().length; i++) {
        for (int time = 0; time < times; time++) {
          if (!same(expected.results()[i], result(rest.get(i)))) {
            suspects.add(rest.get(i));
            break;
          }
        }
      }
      int completed = expected.results().length;
      if (completed < rest.size()) {
        suspects.add(rest.get(completed));
      }
      for (Sequence suspect : suspects) {
        differing++;
        if (findings.size() < REPORTED) {
          findings.add(explain(suspect));
        }
      }
      rest = completed < rest.size() ? rest.subList(completed + 1, rest.size()) : List.of();
    }
  }

  /** What the engine makes of a sequence of the image it has loaded; null if it doesn't come to its end. */
  private long[] result(Sequence sequence) {
    try {
      return engine.run(sequence, pattern);
    } catch (IllegalStateException e) {
      return null;
    }
  }

  private static boolean same(long[] expected, long[] actual) {
    return actual != null && java.util.Arrays.equals(expected, actual);
  }

  /** Runs all beginnings of a sequence, shortest first, and describes the first that differs. */
  private String explain(Sequence sequence) throws IOException, InterruptedException {
    StringBuilder text = new StringBuilder("seed %d:%n".formatted(sequence.seed()));
    long[] before = sequence.state();
    int from = 0;
    for (int cut : sequence.units()) {
      Sequence prefix = sequence.prefix(cut);
      GuestImage image = new GuestImage(List.of(prefix), pattern);
      Qemu.Outcome expected = qemu.run(image);
      engine.load(image);
      String failure = null;
      long[] actual = null;
      try {
        actual = engine.run(prefix, pattern);
        for (int time = 1; time < times && expected.results().length > 0 && same(expected.results()[0], actual); time++) {
          actual = engine.run(prefix, pattern);
        }
      } catch (IllegalStateException e) {
        failure = e.getMessage();
      }
      boolean killed = expected.results().length == 0;
      if (!killed && failure == null && same(expected.results()[0], actual)) {
        before = expected.results()[0];
        from = cut;
        continue;
      }
      for (int i = from; i < cut; i++) {
        int word = prefix.words()[i];
        text.append("  %08x %s  (%s)%n".formatted(word, disassembler.disassemble(prefix.state()[State.ENTRY] + 4 + 4L * i, word),
            decoder.decode(word)));
      }
      if (killed) {
        text.append("  qemu-aarch64 ended with %d: %s%n".formatted(expected.exit(), expected.errors()));
      }
      if (failure != null) {
        text.append("  engine: %s%n".formatted(failure));
      }
      if (!killed && failure == null) {
        differences(text, before, expected.results()[0], actual);
      }
      operands(text, prefix.words()[cut - 1], before);
      return text.toString();
    }
    return text.append("  only as part of its batch").append(System.lineSeparator()).toString();
  }

  private static void differences(StringBuilder text, long[] before, long[] expected, long[] actual) {
    for (int i = 0; i < expected.length; i++) {
      if (expected[i] != actual[i]) {
        text.append("  %s: before %s, qemu %016x, engine %016x%n".formatted(State.name(i),
            i < before.length ? "%016x".formatted(before[i]) : "-", expected[i], actual[i]));
      }
    }
  }

  private static void operands(StringBuilder text, int word, long[] before) {
    text.append("  before: nzcv %08x fpcr %08x fpsr %08x".formatted(before[State.NZCV], before[State.FPCR], before[State.FPSR]));
    for (int shift : new int[] {0, 5, 16, 10}) {
      int n = word >>> shift & 31;
      text.append(" x%d=%x v%d=%016x:%016x".formatted(n, before[n], n, before[State.V + 2 * n + 1], before[State.V + 2 * n]));
    }
    text.append(System.lineSeparator());
  }

  int differing() {
    return differing;
  }

  List<String> findings() {
    return findings;
  }

  /** Instructions made per group, and the forms that never came of the groups that were chosen from. */
  String coverage() {
    Map<InsnGroup, Integer> groups = new EnumMap<>(InsnGroup.class);
    List<Insn> never = new ArrayList<>();
    for (Insn insn : Insn.values()) {
      int count = made.getOrDefault(insn, 0);
      groups.merge(insn.group(), count, Integer::sum);
    }
    for (Insn insn : Insn.values()) {
      if (!made.containsKey(insn) && generator.choosesFrom(insn.group())) {
        never.add(insn);
      }
    }
    return "instructions per group: " + groups + System.lineSeparator() + "never: " + never;
  }
}
