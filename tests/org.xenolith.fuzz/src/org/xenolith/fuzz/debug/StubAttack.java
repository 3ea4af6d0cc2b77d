// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.debug;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.gdb.PlainConversation;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.machine.control.Machine;

/** Packets of a debugger, each with its checksum made right. */
public final class StubAttack extends ConversationAttack {
  /** What may write: memory, registers, and going on elsewhere. */
  private static final String WRITES = "MXPGcCsS";

  @Override
  public String word() {
    return "stub";
  }

  @Override
  public String says() {
    return "packets of GDB's remote protocol, good and broken ones, to a machine that executes a small program";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.gdb.**", "org.xenolith.debug.**", "org.xenolith.inspect.**");
  }

  @Override
  Conversation conversation(Machine machine, MachineInspector inspector, ByteArrayOutputStream out) {
    return PlainConversation.make(machine, inspector, this, out::writeBytes);
  }

  @Override
  byte[] framed(byte[] message, int number) {
    return PlainConversation.packet(message);
  }

  @Override
  boolean writes(byte[] message) {
    return message.length > 0 && WRITES.indexOf(message[0]) >= 0;
  }

  @Override
  byte[] interrupt(int number) {
    return new byte[] {3};
  }

  @Override
  List<String> judge(byte[] message, int number, String answers) {
    return List.of();
  }
}
