// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.testkit.efi.DriverContract;
import org.xenolith.testkit.efi.FakeFirmware;

/** What every driver keeps: it takes its own controllers only, and leaves nothing behind, whatever fails. */
class @CLASS@DriverContractTest extends DriverContract {

  @Override protected DriverLayer layer() {
    return new @CLASS@Layer();
  }

  @Override protected EfiGuid managed() {
    return @CLASS@Layer.MARK;
  }

  @Override protected FakeFirmware firmware() {
    return new FakeFirmware(@CLASS@LayerTest.tree());
  }

  @Override protected long controller(FakeFirmware firmware) {
    return firmware.handles().handles(@CLASS@Layer.MARK).getFirst();
  }
}
