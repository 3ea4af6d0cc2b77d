// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.gdb.Inferiors.Named;
import org.xenolith.gdb.Reply.Fault;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;

/** Packets about threads and their registers: {@code H T g G p P qC} and the lists of threads. */
final class ThreadPackets {
  private final DebuggedMachine machine;
  private final NumberedRegisters registers;
  private int going = -1;

  ThreadPackets(DebuggedMachine machine) {
    this.machine = machine;
    registers = machine.registers();
  }

  /** {@code g} or {@code c} and a thread, of packet H. What is to go on is said by vCont, so that the latter has a meaning backwards only. */
  Reply choose(String text) {
    if (text.isEmpty()) {
      return Reply.error(Fault.INVALID);
    }
    String thread = text.substring(1);
    Optional<Named> named = machine.inferiors().named(thread);
    if (text.charAt(0) == 'g') {
      // Breakpoints are set in one whose code nobody executes now, too.
      machine.inferiors().choose(machine.inferiors().inferior(thread));
      named.ifPresent(each -> machine.choose(each.processor()));
    } else {
      named.ifPresent(each -> going = each.processor().index());
    }
    if (named.isEmpty()) {
      return Reply.error(Fault.NO_SUCH);
    }
    return Reply.OK;
  }

  /** The thread that packets without one let go. */
  InspectedProcessor going() {
    return machine.inspected().processor(going).orElseGet(machine::processor);
  }

  Reply alive(String thread) {
    return machine.inferiors().named(thread).isPresent() ? Reply.OK : Reply.error(Fault.NO_SUCH);
  }

  Reply current() {
    return new Reply("QC" + machine.inferiors().id(machine.inferiors().chosen(), machine.processor()));
  }

  Reply list() {
    return new Reply("m" + machine.inferiors().list());
  }

  /** For people: which processor a thread is, and whose code it executes. */
  Reply extra(String thread) {
    return machine.inferiors().named(thread).map(each -> Reply.hex(name(each) + ", " + describe(each.processor()))).orElse(Reply.error(
        Fault.NO_SUCH));
  }

  private static String name(Named thread) {
    String guest = Inferiors.guest(thread.inferior());
    return "CPU " + thread.processor().index() + (guest.isEmpty() ? "" : " in " + guest);
  }

  private String describe(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    String space = place.addressSpace().isEmpty() ? "" : ", " + place.addressSpace();
    String guest = machine.inspected().guest(place);
    return place.level() + space + (guest.isEmpty() ? "" : ", in " + guest);
  }

  /** The document {@code threads}. */
  byte[] document() {
    return machine.inferiors().all().stream().map(each -> "<thread id=\"%s\" core=\"%d\" name=\"%s\">%s</thread>%n".formatted(machine
        .inferiors().id(each.inferior(), each.processor()), each.processor().index(), name(each), describe(each.processor()))).collect(
            Collectors
                .joining("", "<?xml version=\"1.0\"?>\n<threads>\n", "</threads>\n")).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** LLDB's jThreadsInfo: an array of JSON, in which braces are escaped on the way as everything is. */
  Reply json() {
    return new Reply(machine.processors().stream().map(each -> "{\"tid\":%d,\"name\":\"%s\",\"registers\":{\"%d\":\"%s\"}}".formatted(each
        .index() + 1, "CPU " + each.index(), registers.pc(), registers.value(each, registers.pc()))).collect(Collectors.joining(",", "[",
            "]")));
  }

  // ---- Registers

  Reply all() {
    return new Reply(registers.all(machine.processor()));
  }

  Reply setAll(String digits) {
    int at = 0;
    for (int number = 0; number < registers.standard() && at < digits.length(); number++) {
      int end = at + registers.digits(number);
      if (end > digits.length()) {
        return Reply.error(Fault.INVALID);
      }
      registers.set(machine.processor(), number, digits.substring(at, end));
      at = end;
    }
    return Reply.OK;
  }

  Reply one(String number) {
    int which = Reply.small(number);
    return registers.has(which) ? new Reply(registers.value(machine.processor(), which)) : Reply.error(Fault.NO_SUCH);
  }

  Reply set(String text) {
    int equals = text.indexOf('=');
    int which = Reply.small(text.substring(0, equals));
    if (!registers.has(which)) {
      return Reply.error(Fault.NO_SUCH);
    }
    registers.set(machine.processor(), which, text.substring(equals + 1));
    return Reply.OK;
  }
}
