// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.cpu.x64;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Scenarios of one kind, which our engines and {@code qemu-system-x86_64} run side by side.
 *
 * @param qemu    the program; null to hold our engines against the first of them
 * @param kind    what they are about
 * @param engines what executes them on our side
 */
record X64ScenarioRun(String qemu, X64ScenarioMaker.Kind kind, List<X64Engine> engines) {
  private static final int BATCH = 5_000;
  private static final int TIMEOUT_SECONDS = 120;
  private static final int SHOWN = 12;
  private static final String END = ".";
  private static final String HANGS = "no end";
  private static final String NOTHING = "nothing";
  /** What the words are that a result begins with. */
  private static final String[] WORDS =
      ("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 vector error rip cs rflags ss cr2 cr0 cr4 dr6 dr7"
          + " ds es fs gs ss-now tr cr8 efer fsbase gsbase star lstar sfmask kernelgs sysenter-cs sysenter-esp sysenter-eip cstar pat tsc-aux rsp-called isr0 isr2 isr4 isr6 irr0 irr2 irr4 irr6 tpr-ppr - apic-base misc-enable")
          .split(
              " ");
  /** What is told of a scenario that differs, whether it does or not. */
  private static final Set<String> ALWAYS = Set.of("vector", "rip", "eip", "cs", "cr2", "rflags", "eflags");
  private static final String PROCESSOR =
      "base,vendor=GenuineIntel,family=6,model=254,stepping=0,level=13,xlevel=0x80000008,phys-bits=40,+fpu,+de,+pse,"
          + "+tsc,+msr,+pae,+cx8,+apic,+sep,+mtrr,+pge,+cmov,+pat,+pse36,+clflush,+mmx,+fxsr,+sse,+sse2,+syscall,+nx,+pdpe1gb,+rdtscp,+lm,+pni,+ssse3,+cx16,"
          + "+sse4.1,+sse4.2,+movbe,+popcnt,+xsave,+xsaveopt,+lahf-lm,+abm,+fsgsbase,+smep,+smap,+clflushopt,+umip,+pku,+pks";

  /**
   * Runs scenarios.
   *
   * @return what differs, empty if nothing does
   */
  List<String> differences(long seed, int count) throws IOException {
    List<String> found = new ArrayList<>();
    for (int done = 0; done < count && found.size() < SHOWN; done += BATCH) {
      Supplier<X64ScenarioRecord> maker = maker(seed + done);
      List<X64ScenarioRecord> scenarios = new ArrayList<>();
      for (int i = 0; i < Math.min(BATCH, count - done); i++) {
        scenarios.add(maker.get());
      }
      compare(seed + done, scenarios, found);
    }
    return found;
  }

  private void compare(long seed, List<X64ScenarioRecord> scenarios, List<String> found) throws IOException {
    Path kept = Files.createTempDirectory("xenolith-x64-translations");
    try {
      List<String> expected = qemu == null ? ours(engines.getFirst(), scenarios, false, kept) : qemu(image(scenarios, false, true));
      for (X64Engine engine : qemu == null ? engines.subList(1, engines.size()) : engines) {
        List<String> actual = ours(engine, scenarios, false, kept);
        for (int i = 0; i < scenarios.size() && found.size() < SHOWN; i++) {
          String one = i < expected.size() ? expected.get(i) : NOTHING;
          String other = i < actual.size() ? actual.get(i) : NOTHING;
          if (!one.equals(other) || one.equals(NOTHING)) {
            found.add("%s, seed %d, scenario %d, %s, %s: %s".formatted(kind, seed, i, engine, scenarios.get(i).told(), told(scenarios.get(
                i),
                engine, kept)));
            if (one.equals(NOTHING) || other.equals(NOTHING) || one.equals(HANGS)) {
              break;
            }
          }
        }
      }
    } finally {
      try (Stream<Path> files = Files.list(kept)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(kept);
    }
  }

  private List<String> ours(X64Engine engine, List<X64ScenarioRecord> scenarios, boolean verbose, Path kept) {
    return new X64BareMachine(engine, kept).run(image(scenarios, verbose, false));
  }

  private boolean legacy() {
    return kind == X64ScenarioMaker.Kind.LEGACY;
  }

  private Supplier<X64ScenarioRecord> maker(long seed) {
    return legacy() ? new X64LegacyScenarios(seed)::next : new X64ScenarioMaker(kind, seed)::next;
  }

  private X64ScenarioImage image(List<X64ScenarioRecord> scenarios, boolean verbose, boolean peer) {
    return new X64ScenarioImage(legacy(), scenarios, verbose, peer);
  }

  /** One scenario again, word by word. */
  private String told(X64ScenarioRecord scenario, X64Engine engine, Path kept) throws IOException {
    List<X64ScenarioRecord> alone = List.of(scenario);
    List<String> expected = qemu == null ? ours(engines.getFirst(), alone, true, kept) : qemu(image(alone, true, true));
    List<String> actual = ours(engine, alone, true, kept);
    String[] one = expected.isEmpty() ? new String[0] : expected.getFirst().split(" ");
    String[] other = actual.isEmpty() ? new String[0] : actual.getFirst().split(" ");
    StringBuilder text = new StringBuilder();
    if (one.length != other.length) {
      text.append("expected ").append(String.join(" ", one), 0, Math.min(60, String.join(" ", one).length())).append(", ours ").append(
          actual);
    }
    for (int i = 0; i < Math.min(one.length, other.length) - 1 && text.length() < 600; i++) {
      String name = legacy() ? X64LegacyImage.place(i) : i < WORDS.length ? WORDS[i] : place(i - WORDS.length);
      if (!one[i].equals(other[i]) || ALWAYS.contains(name)) {
        text.append(name).append(' ').append(one[i].replaceFirst("^0+(?=.)", ""));
        text.append(one[i].equals(other[i]) ? "; " : " (ours " + other[i].replaceFirst("^0+(?=.)", "") + "); ");
      }
    }
    return text.toString();
  }

  private static String place(int word) {
    return word < 16 ? "PD[" + word + "]" : word < 32 ? "PT[" + (word - 16) + "]" : word < 96 ? "GDT[" + (word - 32) + "]" : word < 112
        ? "TSS["
            + (word - 96) + "]" : "page+" + Integer.toHexString((word - 112) * 8);
  }

  /** What is printed under QEMU. It is ended from here: the guest can't. */
  private List<String> qemu(X64ScenarioImage image) throws IOException {
    Path file = Files.createTempFile("xenolith-x64-scenarios", ".elf");
    try {
      Files.write(file, image.elf());
      List<String> command = new ArrayList<>(List.of(qemu, "-M", "microvm,pit=off,pic=off,rtc=off,isa-serial=on", "-cpu", PROCESSOR, "-m",
          Integer.toString(
              X64ScenarioImage.MEMORY >> 20), "-nodefaults", "-display", "none", "-no-reboot", "-serial", "stdio", "-kernel", file
                  .toString()));
      if (kind == X64ScenarioMaker.Kind.INTERRUPTS) {
        // It looks at interrupts between blocks of translated code.
        command.add("-singlestep");
      }
      Process process = new ProcessBuilder(command).redirectInput(ProcessBuilder.Redirect.PIPE).redirectError(
          ProcessBuilder.Redirect.INHERIT).start();
      CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
      List<String> lines = new ArrayList<>();
      try (BufferedReader printed = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.ISO_8859_1))) {
        for (String line = printed.readLine(); line != null && !line.equals(END); line = printed.readLine()) {
          lines.add(line);
        }
      } catch (IOException e) {
        // It was ended as it came to no end.
        lines.add(HANGS);
      } finally {
        process.destroyForcibly();
      }
      return lines;
    } finally {
      Files.delete(file);
    }
  }
}
