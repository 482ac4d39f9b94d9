import { renderCore } from "./core";
import { serve } from "./serve";

serve(renderCore);
