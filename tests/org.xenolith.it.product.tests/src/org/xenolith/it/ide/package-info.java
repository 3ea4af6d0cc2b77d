// SPDX-License-Identifier: EPL-2.0
/** The workspace for Eclipse, made and built by Eclipse's own parts without a window. */
package org.xenolith.it.ide;
