// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import org.xenolith.machine.api.DeviceContext;

/**
 * What the driver does about each defect of a port.
 *
 * @param flushSelector reads RTDID back before the cycle
 * @param wordReads     reads configuration in words only
 * @param rootAlone     has nothing but function 0 of device 0 on the root bus
 * @param hideRootBars  keeps everybody from the root port's BARs
 * @param hideCrs       keeps everybody from CRS software visibility
 */
record Workarounds(boolean flushSelector, boolean wordReads, boolean rootAlone, boolean hideRootBars, boolean hideCrs) {
  static Workarounds of(DeviceContext context) {
    return new Workarounds(context.options().flag(XgeneDriverComponent.FLUSH_SELECTOR),
        context.options().flag(XgeneDriverComponent.WORD_READS), context.options().flag(XgeneDriverComponent.ROOT_ALONE),
        context.options().flag(XgeneDriverComponent.HIDE_ROOT_BARS), context.options().flag(XgeneDriverComponent.HIDE_CRS));
  }
}
