// The classes of nhsuk-frontend that our templates can make. A component used for the first time adds its own here.
export const KEPT = new Set(
  `
  nhsuk-button nhsuk-button--secondary nhsuk-button--warning nhsuk-button-group
  nhsuk-checkboxes nhsuk-checkboxes__hint nhsuk-checkboxes__input nhsuk-checkboxes__item nhsuk-checkboxes__label
  nhsuk-details nhsuk-details__summary nhsuk-details__summary-text nhsuk-details__text
  nhsuk-error-message
  nhsuk-error-summary nhsuk-error-summary__body nhsuk-error-summary__heading nhsuk-error-summary__list
  nhsuk-fieldset nhsuk-fieldset__legend nhsuk-fieldset__legend--s nhsuk-fieldset__legend--m nhsuk-fieldset__legend--l
  nhsuk-file-upload nhsuk-file-upload__input
  nhsuk-form-group nhsuk-form-group--error nhsuk-hint
  nhsuk-input nhsuk-input--error nhsuk-input--width-10 nhsuk-input--width-20
  nhsuk-inset-text
  nhsuk-label nhsuk-label--s nhsuk-label--m nhsuk-label--l
  nhsuk-radios nhsuk-radios--inline nhsuk-radios__hint nhsuk-radios__input nhsuk-radios__item nhsuk-radios__label
  nhsuk-select nhsuk-select--error
  nhsuk-skip-link
  nhsuk-summary-list nhsuk-summary-list__actions nhsuk-summary-list__key nhsuk-summary-list__row nhsuk-summary-list__value
  nhsuk-textarea nhsuk-textarea--error
  nhsuk-u-visually-hidden
  `.match(/[\w-]+/g),
);
