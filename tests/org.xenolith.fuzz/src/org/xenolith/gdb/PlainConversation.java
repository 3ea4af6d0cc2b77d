// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.debug.kit.DebuggerProtocol.Conversation;
import org.xenolith.debug.kit.DebuggerProtocol.Runs;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.machine.control.Machine;

/** A debugger's conversation without a line. */
public final class PlainConversation {
  private PlainConversation() {}

  /** One that begins when its first packet comes. */
  public static Conversation make(Machine machine, MachineInspector inspector, Runs runs, Consumer<byte[]> out) {
    return new GdbProtocol(machine, inspector, Optional::empty, Optional::empty).begin(runs, out);
  }

  /** A packet as it is sent. @param data without frame and escapes */
  public static byte[] packet(byte[] data) {
    return new Reply(data).packet();
  }
}
