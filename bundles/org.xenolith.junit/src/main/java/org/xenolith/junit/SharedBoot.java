// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.ReflectionSupport;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.HangLimit;
import org.xenolith.launch.kit.MachineLife;
import org.xenolith.machine.control.MachineState;
import org.xenolith.machine.kit.JournalCommand;

/** A machine that tests share: booted when the first of them asks, with the state that each of them goes on from. */
final class SharedBoot implements AutoCloseable {
  private static final String SHELL = "xenolith:/# $";
  private static final double SECOND = 1e9;
  private final Machine asked;
  private final StartedProduct product;
  private final Path journal;
  private final Deque<String> events = new ArrayDeque<>();
  private @Nullable MachineLife life;
  private @Nullable GuestMachine machine;
  private @Nullable MachineState state;
  /** Why there is no machine; null if there is, or nobody asked. */
  private @Nullable Throwable failed;

  /** @param folder a temporary one of its own, that there is */
  SharedBoot(Machine asked, StartedProduct product, Path folder) {
    this.asked = asked;
    this.product = product;
    journal = folder.resolve("boot.journal");
  }

  /** What is asked for, by the names of options. */
  static Map<String, List<String>> options(Machine asked) {
    Map<String, List<String>> said = new LinkedHashMap<>();
    if (asked.snapshot().isEmpty()) {
      said.put("board", new ArrayList<>(List.of(asked.board())));
      if (!asked.guest().isEmpty()) {
        said.put("guest", new ArrayList<>(List.of(asked.guest())));
      }
    } else {
      // A recording of it is opened from any folder.
      said.put("load", new ArrayList<>(List.of(Path.of(asked.snapshot()).toAbsolutePath().toString())));
    }
    for (String option : asked.options()) {
      int equals = option.indexOf('=');
      List<String> texts = said.computeIfAbsent(equals < 0 ? option : option.substring(0, equals), name -> new ArrayList<>());
      texts.add(equals < 0 ? LaunchOption.ON : option.substring(equals + 1));
    }
    return said;
  }

  /** The same as words of {@code boot}. */
  static List<String> words(Map<String, List<String>> options) {
    List<String> words = new ArrayList<>();
    options.forEach((name, texts) -> texts.forEach(text -> words.add(OptionName.onCommandLine(option(name)) + (text.equals(LaunchOption.ON)
        ? ""
        : "=" + text))));
    return words;
  }

  /** What its console shows when it is booted; empty if it needn't run. */
  static String booted(Machine asked) {
    return asked.until().isEmpty() && asked.guest().startsWith("debian") && asked.snapshot().isEmpty() ? SHELL : asked.until();
  }

  /** The line of a journal's header. @param more options besides those of the machine */
  String command(Map<String, List<String>> more) {
    Map<String, List<String>> all = options(asked);
    all.putAll(more);
    return new JournalCommand(true, words(all)).line();
  }

  /** The request, with a person at the console: for them a guest stays at a shell, and a machine that is reset boots again. */
  LaunchRequest request(Map<String, List<String>> more) {
    Map<String, List<String>> said = options(asked);
    said.putAll(more);
    return product.launcher().request(said).toBuilder().option(LaunchRequest.ATTENDED, LaunchRequest.PERSON).option(JournalCommand.OPTION,
        command(Map.of())).build();
  }

  /** Boots it, if nobody has yet. */
  private void boot() {
    if (failed != null) {
      throw new IllegalStateException("the machine that this test shares could not be booted, as was said of the first test: " + OptionName
          .show(String.valueOf(failed.getMessage()), name -> name), failed);
    }
    if (state != null) {
      return;
    }
    MachineLife first = new MachineLife(product.launcher(), HangLimit.USUAL, line -> {}, (kind, place, text) -> GuestMachine.keep(events,
        kind, place, text));
    life = first;
    try {
      GuestMachine booting = GuestMachine.of(product, first, () -> first.launch(request(Map.of())), events);
      machine = booting;
      booting.launch().machine().record(journal, command(Map.of()));
      if (!booted(asked).isEmpty()) {
        booting.expect(booted(asked), Duration.ofNanos((long) (asked.limit() * SECOND)));
      }
      if (booting.launch().machine().instructions() == 0) {
        booting.run(Duration.ZERO); // what is replayed to this moment has run, if only to it: its CPUs stand where they begin
      }
      ReflectionSupport.newInstance(asked.prepare()).prepare(booting);
      state = booting.launch().machine().state();
    } catch (AssertionError e) {
      AssertionError recorded = new AssertionError(e.getMessage() + "\n  " + TestRecording.leave(this, journal.getParent()
          .getFileName().toString(), List.of(), machine.launch().machine()), e);
      giveUp(recorded);
      throw recorded;
    } catch (RuntimeException e) {
      giveUp(e);
      throw e;
    } catch (Exception e) {
      giveUp(e);
      throw new IllegalStateException("the machine that tests share could not be booted: " + (e instanceof IOException host ? HostReason.of(
          host).text() : e), e);
    }
  }

  private void giveUp(Throwable why) {
    failed = why;
    close();
  }

  /** The bytes of RAM of such a machine. */
  synchronized long ram() {
    boot();
    return launched().platform().memory().stream().mapToLong(each -> each.size()).sum();
  }

  /** Forks it: nobody notices. @param forked leads the fork's life */
  synchronized GuestMachine fork(MachineLife forked, Deque<String> told) {
    boot();
    Launch from = launched();
    MachineState at = state;
    GuestMachine fork = GuestMachine.of(product, forked, () -> forked.fork(from, at), told);
    fork.goOnFrom(machine);
    return fork;
  }

  private Launch launched() {
    return machine.launch();
  }

  StartedProduct product() {
    return product;
  }

  /** The inputs of the boot. */
  Path journal() {
    return journal;
  }

  @Override
  public synchronized void close() {
    if (state != null) {
      state.close();
      state = null;
    }
    if (life != null) {
      life.close();
      life = null;
    }
  }
}
