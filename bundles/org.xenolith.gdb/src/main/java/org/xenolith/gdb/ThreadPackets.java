// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.gdb.Reply.Fault;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.ProcessorPlace;

/** Packets about threads and their registers: {@code H T g G p P qC} and the lists of threads. */
final class ThreadPackets {
  private final DebuggedMachine machine;
  private final NumberedRegisters registers;

  ThreadPackets(DebuggedMachine machine) {
    this.machine = machine;
    registers = machine.registers();
  }

  /** {@code g} or {@code c} and a thread, of packet H. What is to go on is said by vCont, so that only the former has a meaning. */
  Reply choose(String text) {
    if (text.isEmpty()) {
      return Reply.error(Fault.INVALID);
    }
    Optional<InspectedProcessor> processor = machine.processor(text.substring(1));
    if (processor.isEmpty()) {
      return Reply.error(Fault.NO_SUCH);
    }
    if (text.charAt(0) == 'g') {
      machine.choose(processor.get());
    }
    return Reply.OK;
  }

  Reply alive(String thread) {
    return machine.processor(thread).isPresent() ? Reply.OK : Reply.error(Fault.NO_SUCH);
  }

  Reply current() {
    return new Reply("QC" + DebuggedMachine.thread(machine.processor()));
  }

  Reply list() {
    return new Reply(machine.processors().stream().map(DebuggedMachine::thread).collect(Collectors.joining(",", "m", "")));
  }

  /** For people: which processor a thread is, and whose code it executes. */
  Reply extra(String thread) {
    return machine.processor(thread).map(each -> Reply.hex(name(each) + ", " + describe(each))).orElse(Reply.error(Fault.NO_SUCH));
  }

  private static String name(InspectedProcessor processor) {
    return "CPU " + processor.index();
  }

  private static String describe(InspectedProcessor processor) {
    ProcessorPlace place = processor.place();
    String space = place.addressSpace().isEmpty() ? "" : ", " + place.addressSpace();
    return place.level() + space + (place.guestTables() != 0 ? ", in a guest" : "");
  }

  /** The document {@code threads}. */
  byte[] document() {
    return machine.processors().stream().map(each -> "<thread id=\"%s\" core=\"%d\" name=\"%s\">%s</thread>%n".formatted(DebuggedMachine
        .thread(each), each.index(), name(each), describe(each))).collect(Collectors.joining("", "<?xml version=\"1.0\"?>\n<threads>\n",
            "</threads>\n")).getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  /** LLDB's jThreadsInfo: an array of JSON, in which braces are escaped on the way as everything is. */
  Reply json() {
    return new Reply(machine.processors().stream().map(each -> "{\"tid\":%d,\"name\":\"%s\",\"registers\":{\"%d\":\"%s\"}}".formatted(each
        .index() + 1, name(each), registers.pc(), registers.value(each, registers.pc()))).collect(Collectors.joining(",", "[", "]")));
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
