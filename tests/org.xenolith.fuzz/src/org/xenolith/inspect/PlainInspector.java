// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect;

import org.xenolith.fuzz.InstalledComponent;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.api.ProcessorInspector;

/** Looks into machines that were put together without OSGi. */
public final class PlainInspector {
  private PlainInspector() {}

  /** One with all that look into processors. */
  public static MachineInspector make() {
    return new MachineInspectorComponent(InstalledComponent.all().stream().filter(each -> each.provides(ProcessorInspector.class)).map(
        each -> each.make(ProcessorInspector.class)).toList());
  }
}
