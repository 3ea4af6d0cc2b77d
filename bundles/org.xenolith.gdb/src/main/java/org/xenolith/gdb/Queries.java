// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.xenolith.gdb.Reply.Fault;
import org.xenolith.inspect.api.DebuggerTarget;

/** Packets {@code q} and {@code Q}: what there is, and how it is asked for. */
final class Queries {
  private static final String TRANSFER = "qXfer:";
  private final DebuggedMachine machine;
  private final ThreadPackets threads;
  private final StopReply stopped;
  private final MonitorWords words;

  Queries(DebuggedMachine machine, ThreadPackets threads, StopReply stopped, MonitorWords words) {
    this.machine = machine;
    this.threads = threads;
    this.stopped = stopped;
    this.words = words;
  }

  Reply of(String packet) {
    int colon = packet.indexOf(':');
    String name = colon < 0 ? packet.split(",", 2)[0] : packet.substring(0, colon);
    String rest = colon < 0 ? packet.substring(name.length()) : packet.substring(colon + 1);
    if (packet.startsWith(TRANSFER)) {
      return transfer(packet.substring(TRANSFER.length()));
    }
    return switch (name) {
      case "qSupported" -> supported(rest);
      case "qC" -> threads.current();
      case "qfThreadInfo" -> threads.list();
      case "qsThreadInfo" -> new Reply("l");
      case "qThreadExtraInfo" -> threads.extra(rest.substring(1));
      case "qAttached" -> new Reply("1");
      case "qSymbol" -> Reply.OK;
      case "qRcmd" -> Reply.hex(words.answer(new String(Reply.bytes(rest.substring(1)), StandardCharsets.UTF_8)));
      case "qqemu.PhyMemMode" -> new Reply(machine.physical() ? "1" : "0");
      case "Qqemu.PhyMemMode" -> {
        machine.physical(Reply.small(rest) != 0);
        yield Reply.OK;
      }
      case "qHostInfo" -> host();
      case "qProcessInfo" -> process();
      case "qWatchpointSupportInfo" -> new Reply("num:65536;");
      case "QListThreadsInStopReply" -> {
        stopped.allThreads();
        yield Reply.OK;
      }
      default -> Reply.UNKNOWN;
    };
  }

  private Reply supported(String features) {
    List<String> offered = List.of(features.split(";"));
    boolean kinds = offered.contains("swbreak+");
    if (kinds) {
      stopped.kinds();
    }
    // LLDB says so, too, and asks for processes one by one then.
    boolean several = kinds && offered.contains("multiprocess+") && machine.inferiors().offered();
    return new Reply("PacketSize=%x;QStartNoAckMode+;vContSupported+;swbreak+;hwbreak+;qXfer:features:read+;qXfer:threads:read+%s%s"
        .formatted(2 * MemoryPackets.MOST + 64, machine.past().isPresent() ? ";ReverseStep+;ReverseContinue+" : "", several
            ? ";multiprocess+" : ""));
  }

  /** {@code OBJECT:read:ANNEX:OFFSET,LENGTH}. */
  private Reply transfer(String text) {
    String[] parts = text.split(":");
    if (parts.length < 4 || !parts[1].equals("read")) {
      return Reply.UNKNOWN;
    }
    String[] range = parts[3].split(",", 2);
    int offset = Reply.small(range[0]);
    int length = Math.min(Reply.small(range[1]), MemoryPackets.MOST);
    return switch (parts[0]) {
      case "features" -> parts[2].equals("target.xml") ? Reply.part(machine.registers().description(), offset, length) : new Reply("E00");
      case "threads" -> Reply.part(threads.document(), offset, length);
      default -> Reply.UNKNOWN;
    };
  }

  // ---- LLDB

  private Reply host() {
    return new Reply("triple:" + hex(target().triple())
        + ";ptrsize:8;endian:little;watchpoint_exceptions_received:after;default_packet_timeout:20;");
  }

  private Reply process() {
    return new Reply("pid:1;triple:" + hex(target().triple()) + ";ptrsize:8;endian:little;");
  }

  private DebuggerTarget target() {
    return machine.registers().target();
  }

  private static String hex(String text) {
    return Reply.hex(text).text();
  }

  /** What makes no sense. */
  static Reply invalid() {
    return Reply.error(Fault.INVALID);
  }
}
