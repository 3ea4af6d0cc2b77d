// SPDX-License-Identifier: EPL-2.0
/** Inputs written down, and given again. */
package org.xenolith.machine.journal;
