// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import org.osgi.service.component.annotations.Component;
import org.xenolith.machine.control.InputKind;
import org.xenolith.machine.control.Machine;
import org.xenolith.net.api.OutsidePort;

/** Frames that come in from outside, live or of a journal: the place is the node of the station they come in by. */
@Component
public final class NetworkInput implements InputKind {
  @Override
  public String name() {
    return OutsidePort.INPUT;
  }

  @Override
  public int apply(Machine machine, String place, byte[] bytes) {
    return machine.port(place, OutsidePort.class).bring(bytes);
  }
}
