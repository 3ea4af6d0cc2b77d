// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.machine.control.MachineBuilder.MachineRequest;
import org.xenolith.platform.api.PlatformNode;

/** Says whether two machines are the same hardware: SHA-256 over tree, timing, options and functions. */
public final class TopologyDigest {
  private TopologyDigest() {}

  /** The digest in hexadecimal. */
  public static String of(MachineRequest request) {
    MessageDigest digest = MachineDigest.sha256();
    digest.update(FdtWriter.write(request.platform().source()));
    text(digest, request.platform().timing().toString());
    for (PlatformNode node : request.platform().nodes()) {
      if (!node.options().isEmpty()) {
        text(digest, node.path() + new TreeMap<>(node.options()));
      }
    }
    text(digest, new TreeMap<>(Map.copyOf(request.functions())).toString());
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
