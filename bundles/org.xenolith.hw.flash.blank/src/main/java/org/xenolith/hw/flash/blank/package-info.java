// SPDX-License-Identifier: EPL-2.0
/** Flash memory that nothing was written to. */
package org.xenolith.hw.flash.blank;
