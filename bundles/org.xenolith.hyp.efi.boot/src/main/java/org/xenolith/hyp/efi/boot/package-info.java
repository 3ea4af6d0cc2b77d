// SPDX-License-Identifier: EPL-2.0
/** Boot services of domains, by the firmware that the board has, too. */
package org.xenolith.hyp.efi.boot;
