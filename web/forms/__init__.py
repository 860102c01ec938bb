"""Forms made from compiled entities. A form carries text as it was typed; the engine alone judges it."""

from web.forms.build import Options, form_class
from web.forms.lines import rearrange
from web.forms.linkage import linkage
from web.forms.record_form import Complaint, FormSection, RecordForm

__all__ = ["Complaint", "FormSection", "Options", "RecordForm", "form_class", "linkage", "rearrange"]
