// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.xenolith.debug.kit.DebuggerProtocol;

/** The Debug Adapter Protocol for one machine. */
final class DapProtocol implements DebuggerProtocol {
  private static final int CHUNK = 1 << 12;
  private final Supplier<AdaptedMachine> machine;

  /** @param machine as a new client has it; while it is halted */
  DapProtocol(Supplier<AdaptedMachine> machine) {
    this.machine = machine;
  }

  @Override
  public String invitation(String host, int port) {
    return "\"debugServer\": " + port + " in VS Code's launch.json" + (host.isEmpty() ? "" : ", and \"debugServerHost\": \"" + host + "\"");
  }

  /** The first request is answered: editors show people what is wrong with that, and nothing else. */
  @Override
  public byte[] refusal(InputStream in) throws IOException {
    DapFrames frames = new DapFrames();
    List<String> texts = new ArrayList<>();
    byte[] bytes = new byte[CHUNK];
    for (int count; texts.isEmpty() && (count = in.read(bytes)) >= 0;) {
      texts.addAll(frames.take(bytes, count));
    }
    return texts.isEmpty() ? new byte[0] : new WireMessages().refusal(texts.getFirst(), "another debugger is connected to this machine");
  }

  @Override
  public Conversation begin(Runs runs, Consumer<byte[]> out) {
    return new DapConversation(machine, runs, out);
  }
}
