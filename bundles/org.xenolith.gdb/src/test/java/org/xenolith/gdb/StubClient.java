// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.debug.kit.DebuggedPast;
import org.xenolith.gdb.PacketReader.Received;

/** A debugger at a stub for a fake machine: byte streams are fed as a socket would. */
final class StubClient {
  final FakeMachine machine = new FakeMachine();
  /** What was wanted of the run. */
  final List<String> done = new ArrayList<>();
  final StringBuilder out = new StringBuilder();
  private final PacketReader reader = new PacketReader();
  final Stub stub;

  StubClient(Optional<DebuggedPast> past) {
    DebuggedMachine debugged = new DebuggedMachine(null, machine, Optional.empty(), past, () -> done.add("reached"));
    stub = new Stub(debugged, new Stub.Runs() {
      @Override
      public void go(ResumeRequest request) {
        done.add(request.step().isPresent() ? "step " + request.step().getAsInt() : "continue");
      }

      @Override
      public void halt() {
        done.add("halt");
      }

      @Override
      public void detach() {
        done.add("detach");
      }

      @Override
      public void kill() {
        done.add("kill");
      }
    }, bytes -> out.append(new String(bytes, StandardCharsets.ISO_8859_1)));
  }

  void feed(byte[] bytes) {
    for (byte each : bytes) {
      reader.next(each & 0xFF).ifPresent(stub::received);
    }
  }

  /** What came since, without signs and frames. */
  String sent() {
    String all = out.toString();
    out.setLength(0);
    StringBuilder text = new StringBuilder();
    PacketReader back = new PacketReader();
    for (char each : all.toCharArray()) {
      back.next(each).ifPresent(what -> {
        if (what instanceof Received.Packet packet) {
          text.append(packet.text());
        }
      });
    }
    return text.toString();
  }

  String ask(String packet) {
    feed(new Reply(packet).packet());
    return sent();
  }

  /** The answer to a monitor word. */
  String monitor(String line) {
    return new String(Reply.bytes(ask("qRcmd," + Reply.hex(line).text())), StandardCharsets.UTF_8);
  }
}
