// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.memory.kit;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;

/** Maps as Xen has them on x86, in tables that no CPU walks. */
final class ToyMaps extends DomainMaps {
  private ToyMaps(DeviceContext context) {
    super(context, new ToyFormat(), 16, true);
  }

  /** Offers them. */
  static DeviceModelFactory factory() {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription("p2m", "maps", "none", List.of(STRICT));
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return new ToyMaps(context);
      }
    };
  }

  @Override
  protected long register(DomainTables tables) {
    return tables.root();
  }

  @Override
  protected void invalidate(long register) {}

  @Override
  public long control() {
    return 0;
  }
}
