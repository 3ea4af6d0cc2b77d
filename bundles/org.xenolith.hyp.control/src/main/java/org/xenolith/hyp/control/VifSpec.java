// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * One network interface as {@code xl-network-configuration(5)} has it.
 *
 * @param mac    its address, made of the domain's name unless said
 * @param bridge the switch that it is plugged into
 */
record VifSpec(String mac, String bridge) {
  static VifSpec parse(String place, String text, String domain, int index) {
    String mac = "";
    String bridge = "xenbr0";
    for (String word : text.split(",")) {
      String part = word.strip();
      if (part.isEmpty()) {
        continue;
      }
      String value = part.substring(part.indexOf('=') + 1);
      switch (part.indexOf('=') < 0 ? "" : part.substring(0, part.indexOf('='))) {
        case "mac" -> mac = value;
        case "bridge" -> bridge = value;
        case "type", "script", "vifname", "ip", "model", "rate" -> {
        }
        default -> throw new HypervisorException(-XenErrno.XEN_EINVAL, place + ": vif: " + part
            + " isn't supported; known are mac, bridge");
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
