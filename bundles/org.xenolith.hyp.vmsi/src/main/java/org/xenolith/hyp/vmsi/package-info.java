// SPDX-License-Identifier: EPL-2.0
/** Interrupt messages of the machine's in the place of those of domains. */
package org.xenolith.hyp.vmsi;
