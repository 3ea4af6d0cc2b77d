// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xenolith.inspect.api.InspectedProcessor;

/**
 * What a debugger calls inferiors and threads. The machine is inferior 1, and its processors are its threads, from 1 on. Where a hypervisor of ours runs, and the debugger can tell inferiors apart,
 * its domains are further ones, domain N number N + 2, for who attaches to them: their threads are the processors that execute their code now, by the same numbers.
 */
final class Inferiors {
  /** The machine itself. */
  static final int MACHINE = 1;
  private static final int FIRST_DOMAIN = 2;
  private static final int ANY = 0;
  private final DebuggedMachine machine;
  private boolean several;
  /** Those that the debugger has. */
  private final Set<Integer> attached = new TreeSet<>(Set.of(MACHINE));
  /** The inferior that registers, memory and breakpoints are asked of. */
  private int chosen = MACHINE;

  Inferiors(DebuggedMachine machine) {
    this.machine = machine;
  }

  /** A thread. @param inferior whose */
  record Named(int inferior, InspectedProcessor processor) {}

  /** The debugger tells inferiors apart. Returns whether there may be several. */
  boolean offered() {
    several = machine.inspected().guests().isPresent();
    return several;
  }

  /** Whether inferiors stand in packets. */
  boolean several() {
    return several;
  }

  int chosen() {
    return chosen;
  }

  void choose(int inferior) {
    chosen = inferior;
  }

  /** The domain that an inferior is, as the machine names it; empty for the machine itself. */
  static String guest(int inferior) {
    return inferior < FIRST_DOMAIN ? "" : "d" + (inferior - FIRST_DOMAIN);
  }

  /** The inferior that a domain is. @param guest as the machine names it; empty for the machine itself */
  static int of(String guest) {
    return guest.isEmpty() ? MACHINE : Integer.parseInt(guest.substring(1)) + FIRST_DOMAIN;
  }

  /** Whether a processor executes an inferior's code now. */
  boolean executes(InspectedProcessor processor, int inferior) {
    return inferior == MACHINE || machine.inspected().guest(processor.place()).equals(guest(inferior));
  }

  /** A thread in packets. */
  String id(int inferior, InspectedProcessor processor) {
    String thread = Integer.toHexString(processor.index() + 1);
    return several ? "p%x.%s".formatted(inferior, thread) : thread;
  }

  /** The machine's thread that a processor is. */
  String id(InspectedProcessor processor) {
    return id(MACHINE, processor);
  }

  /** The debugger wants one. Returns a thread of it; empty if no processor executes its code now. */
  Optional<Named> attach(int inferior) {
    Optional<Named> first = named("p%x.-1".formatted(inferior));
    first.ifPresent(each -> attached.add(inferior));
    return first;
  }

  /** The debugger leaves one. */
  void detach(int inferior) {
    attached.remove(inferior);
    chosen = inferior == chosen ? MACHINE : chosen;
  }

  /** Whether it has left all. */
  boolean detached() {
    return attached.isEmpty();
  }

  /** For people: the domains, and what a debugger does to have them. */
  String domains() {
    return machine.inspected().guests().orElse(List.of()).stream().map(each -> {
      String on = machine.processors().stream().filter(cpu -> machine.inspected().guest(cpu.place()).equals(each)).map(cpu -> "CPU " + cpu
          .index()).collect(Collectors.joining(", "));
      return "%s: attach %d%s%n".formatted(each, of(each), on.isEmpty() ? ", once a CPU executes its code" : ", on " + on);
    }).collect(Collectors.joining());
  }

  /** All threads of those that the debugger has, inferior by inferior. */
  List<Named> all() {
    List<Named> all = new ArrayList<>();
    for (int inferior : several ? attached : Set.of(MACHINE)) {
      machine.processors().stream().filter(each -> executes(each, inferior)).forEach(each -> all.add(new Named(inferior, each)));
    }
    return all;
  }

  /** All of them in a packet. */
  String list() {
    return all().stream().map(each -> id(each.inferior(), each.processor())).collect(Collectors.joining(","));
  }

  /** The inferior that a text names: {@code pINFERIOR.THREAD}; the machine, where it names none. */
  int inferior(String text) {
    if (!text.startsWith("p")) {
      return several ? chosen : MACHINE;
    }
    String inferior = text.substring(1).split("\\.", 2)[0];
    int number = inferior.equals("-1") ? ANY : Reply.small(inferior);
    return number == ANY ? MACHINE : number;
  }

  /** The thread that a text names; empty if there is none. @throws IllegalArgumentException if it names nothing */
  Optional<Named> named(String text) {
    int inferior = inferior(text);
    String thread = text.startsWith("p") ? text.contains(".") ? text.substring(text.indexOf('.') + 1) : "-1" : text;
    boolean any = thread.equals("-1") || thread.equals("0");
    if (any && executes(machine.processor(), inferior)) {
      return Optional.of(new Named(inferior, machine.processor()));
    }
    int index = any ? -1 : Reply.small(thread) - 1;
    return machine.processors().stream().filter(each -> any || each.index() == index).filter(each -> executes(each, inferior)).findFirst()
        .map(
            each -> new Named(inferior, each));
  }
}
