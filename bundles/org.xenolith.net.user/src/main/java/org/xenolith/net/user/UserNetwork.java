// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.xenolith.net.api.FrameReceiver;
import org.xenolith.net.api.OutsideLink;
import org.xenolith.net.api.OutsideNetwork;

/** Offers {@code --nic user}: a network behind address translation, by the host's sockets and without a right to anything. */
@Component(service = OutsideNetwork.class, property = OutsideNetwork.WORD + "=user")
public final class UserNetwork implements OutsideNetwork {
  @Override
  public Map<String, String> settings() {
    return UserSettings.KEYS;
  }

  @Override
  public OutsideLink open(Map<String, List<String>> settings, FrameReceiver machine) throws IOException {
    return new UserLink(UserSettings.of(settings), machine);
  }
}
