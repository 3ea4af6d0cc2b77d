// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import org.xenolith.testkit.efi.InterfaceContract;

/** What a kernel is offered as its first root file system is an interface like others. */
class InitrdInterfaceTest extends InterfaceContract {
  @Override
  protected Published published() {
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10))).running();
    return Published.of(start.firmware, start.loadFile(), 8, 0, 1);
  }
}
