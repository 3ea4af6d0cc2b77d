// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * One network interface as {@code xl-network-configuration(5)} has it.
 *
 * @param mac    its address, made of the domain's name unless said
 * @param bridge the switch that it is plugged into
 */
record VifSpec(String mac, String bridge) {
  private static final Set<String> KNOWN = Set.of("gatewaydev", "netdev", "type", "model", "vifname", "script", "ip", "backend", "rate",
      "mtu", "devid", "accel", "forwarddev", "trusted", "untrusted");

  /**
   * Reads a description.
   *
   * @param place   for messages
   * @param leftOut is told in a sentence what isn't served and was left out
   * @throws HypervisorException if there is no such address
   */
  static VifSpec parse(String place, String text, String domain, int index, Consumer<String> leftOut) {
    String mac = "";
    String bridge = "xenbr0";
    for (String word : text.split(",")) {
      String part = word.strip();
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String key = (equals < 0 ? part : part.substring(0, equals)).strip();
      String value = part.substring(equals + 1).strip();
      if (equals >= 0 && key.equals("mac")) {
        mac = value;
      } else if (equals >= 0 && key.equals("bridge")) {
        bridge = value;
      } else {
        leftOut.accept(place + ": vif: " + (KNOWN.contains(key) || key.startsWith("colo_") ? part + " isn't supported and left out"
            : "'" + part + "' is no key of xl-network-configuration(5) and left out"));
      }
    }
    if (mac.isEmpty()) {
      long id = UUID.nameUUIDFromBytes((domain + "/" + index).getBytes(StandardCharsets.UTF_8)).getLeastSignificantBits();
      // Xen's own range of addresses.
      mac = "00:16:3e:%02x:%02x:%02x".formatted(id & 0x7F, id >> 8 & 0xFF, id >> 16 & 0xFF);
    }
    if (!mac.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")) {
      throw new HypervisorException(-XenErrno.XEN_EINVAL, place + ": vif: mac " + mac + ": expected six bytes as 00:16:3e:01:02:03");
    }
    return new VifSpec(mac, bridge);
  }
}
