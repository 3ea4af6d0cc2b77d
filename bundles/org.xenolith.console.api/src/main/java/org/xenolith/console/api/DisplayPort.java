// SPDX-License-Identifier: EPL-2.0
package org.xenolith.console.api;

import java.util.Optional;
import org.xenolith.machine.api.RolePort;

/** The permanent place at a node where a display can be looked at. Without a model it is off. */
public final class DisplayPort extends RolePort<Display> implements Display {
  @Override
  public Optional<Picture> picture() {
    return ask(Optional.empty(), Display::picture);
  }
}
