// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.host;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;

/** Offers {@code --nic tap=NAME}: an interface of the host's that frames go to as they are. */
@Component(service = OutsideNetwork.class, property = OutsideNetwork.WORD + "=tap")
public final class TapNetwork implements OutsideNetwork {
  @Override
  public Map<String, String> settings() {
    return Map.of("", "NAME of an interface");
  }

  @Override
  public OutsideLink open(Map<String, List<String>> settings, FrameReceiver machine) throws IOException {
    String name = String.join("", settings.getOrDefault("", List.of()));
    if (name.isEmpty() || name.length() >= TapLine.NAME || !name.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '/' && c != '%')) {
      throw new IllegalArgumentException("tap=" + name + ": name an interface of 1 to " + (TapLine.NAME - 1) + " characters: tap=NAME");
    }
    if (!System.getProperty("os.name").equals("Linux")) {
      throw new IOException("tap: only Linux has these; use 'user' or 'stream'");
    }
    return new LineLink("tap " + name, TapLine.of(name), machine);
  }
}
