// SPDX-License-Identifier: EPL-2.0
/** Puts the workbench product together in the build. */
package org.xenolith.product.ui;
